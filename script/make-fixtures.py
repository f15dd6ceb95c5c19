#!/usr/bin/env python3
"""Makes the fixtures of the tests.

usage: script/make-fixtures.py [NAME...]        all, or those of the models named; needs torch, torchvision, numpy and
safetensors

Tests/SafetensorsTests/Fixtures/reference.safetensors: a file of every type we know, by the Python package.

Tests/DatasetsTests/Fixtures: small pictures of every kind, and what Pillow makes of them (`make_pictures`).

Tests/TrainingTests/Fixtures: a network's state after some steps, and images with its answers (`make_saved`).

Tests/ComputeTests/Fixtures: weights, a batch, and PyTorch's logits, loss and gradients for each model.

For each small model MODEL.weights.safetensors (PyTorch's default initialisation, seeded), MODEL.batch.safetensors
(`input`, `label`) and MODEL.gradient.safetensors (`loss`, `logits`, one tensor for each parameter). A seed is taken
only if PyTorch's own results in contiguous and in channels-last memory agree to 2e-5, so that the test's bound of 1e-4
judges us and not rounding.

Weights and images of larger models are not kept but drawn by `Draw`, which the tests have too; MODEL.drawn.safetensors
holds the `seed`, `loss`, `logits` and gradients, which for the largest are kept in part: some of each tensor's numbers,
at drawn places (`NAME@indices`), the norm of all (`NAME@norm`), and their products with the drawn vectors NAME@0 to
NAME@7 (`NAME@products`). Deep networks without norms have their weights times a `gain`, so that the first layers'
gradients are not lost beside the last ones', and deep residual networks smaller scales at the `block_end`, so that
rounding errors do not grow from block to block. What is `exact` was computed in float64. Norms are in training mode,
dropout is the identity.

Tests/OptimizersTests/Fixtures/pytorch.safetensors: a small net's start and batch, and where each of PyTorch's
optimizers takes it in 100 steps under two schedules (`NAME.SCHEDULE`), with the losses before steps 0, 49 and 99
(`NAME.SCHEDULE.losses`).
"""
import copy
import math
import pathlib
import sys
import zipfile

import numpy as np

import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision
from safetensors.torch import load_file, save_file


class Softmax(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)

    def forward(self, x):
        return self.fc(x.flatten(1))


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(784, 256), nn.Linear(256, 128), nn.Linear(128, 10)

    def forward(self, x):
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
        self.fc1, self.fc2 = nn.Linear(64 * 7 * 7, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


class MesbahCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.conv3 = nn.Conv2d(1, 64, 3), nn.Conv2d(64, 128, 5), nn.Conv2d(128, 64, 3)
        self.fc = nn.Linear(256, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(F.relu(self.conv3(x)).flatten(1))


class Perceptron(nn.Module):
    def __init__(self, widths, activation=F.relu, end=lambda x: x):
        super().__init__()
        for index, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            setattr(self, f"fc{index + 1}", nn.Linear(inputs, outputs))
        self.depth, self.activation, self.end = len(widths) - 1, activation, end

    def forward(self, x):
        x = x.flatten(1)
        for index in range(1, self.depth):
            x = self.activation(getattr(self, f"fc{index}")(x))
        return self.end(getattr(self, f"fc{self.depth}")(x))


class Stack(nn.Module):
    """Convolutions (filters, kernel, padding) with ReLU, "M" for max-pooling, then dense layers."""

    def __init__(self, channels, convolutions, widths):
        super().__init__()
        self.convolutions = convolutions
        for index, (filters, kernel, padding) in enumerate(c for c in convolutions if c != "M"):
            setattr(self, f"conv{index + 1}", nn.Conv2d(channels, filters, kernel, padding=padding))
            channels = filters
        self.dense = [f"fc{index}" for index in range(1, len(widths))]
        for name, inputs, outputs in zip(self.dense, widths, widths[1:]):
            setattr(self, name, nn.Linear(inputs, outputs))

    def forward(self, x):
        index = 0
        for convolution in self.convolutions:
            if convolution == "M":
                x = F.max_pool2d(x, 2)
            else:
                index += 1
                x = F.relu(getattr(self, f"conv{index}")(x))
        x = x.flatten(1)
        for name in self.dense[:-1]:
            x = F.relu(getattr(self, name)(x))
        return getattr(self, self.dense[-1])(x)


class EvoNorm(nn.Module):
    """EvoNorm-S0 (Liu et al., 2020), which brings its activation; without that a scale and a shift."""

    def __init__(self, channels, groups, activated):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.v = nn.Parameter(torch.ones(channels)) if activated else None
        self.groups = groups

    def forward(self, x):
        def spread(numbers):
            return numbers.view(1, -1, 1, 1)

        if self.v is not None:
            groups = x.reshape(x.shape[0], self.groups, -1)
            deviation = (groups.var(2, unbiased=False, keepdim=True) + 1e-5).sqrt()
            x = ((x * torch.sigmoid(spread(self.v) * x)).reshape(groups.shape) / deviation).reshape(x.shape)
        return x * spread(self.weight) + spread(self.bias)


class Norms:
    """Norms of one kind, and what follows one that is activated: the ReLU, unless the norm brings its own."""

    def __init__(self, kind="batch", groups=8):
        self.kind, self.groups = kind, groups
        self.relu = F.relu if kind != "evonorm-s0" else lambda x: x

    def __call__(self, channels, activated=True):
        if self.kind == "batch":
            return nn.BatchNorm2d(channels)
        if self.kind == "group":
            return nn.GroupNorm(self.groups, channels)
        return EvoNorm(channels, self.groups, activated)


class VGG(nn.Module):
    """Torchvision's features of VGG-11, and one dense layer for small images."""

    def __init__(self, width, norms=None):
        super().__init__()
        plan = [width * size // 64 if size != "M" else size for size in torchvision.models.vgg.cfgs["A"]]
        self.features = torchvision.models.vgg.make_layers(plan, batch_norm=norms is not None)
        for index, layer in enumerate(self.features):
            if isinstance(layer, nn.BatchNorm2d):
                self.features[index] = norms(layer.num_features)
            elif isinstance(layer, nn.ReLU) and norms and norms.kind == "evonorm-s0":
                self.features[index] = nn.Identity()
        self.classifier = nn.Sequential(nn.Linear(8 * width, 10))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class NarrowResNet(torchvision.models.ResNet):
    """Torchvision's, with `width` filters in the first stage."""

    def __init__(self, block, depths, width):
        self.narrower = 64 // width
        super().__init__(block, depths, num_classes=10)
        self.conv1, self.bn1 = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width)
        self.fc = nn.Linear(8 * width * block.expansion, 10)

    def _make_layer(self, block, planes, *rest, **options):
        if planes == 64:
            self.inplanes //= self.narrower
        return super()._make_layer(block, planes // self.narrower, *rest, **options)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, norms):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), norms(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), norms(outputs, activated=False)
        self.downsample, self.relu = None, norms.relu
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), norms(outputs, activated=False))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """With the names of torchvision's, and a stem for small images."""

    def __init__(self, widths, depth, norms=Norms()):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, widths[0], 3, 1, 1, bias=False), norms(widths[0])
        inputs, self.stages, self.relu = widths[0], len(widths), norms.relu
        for stage, width in enumerate(widths):
            blocks = []
            for index in range(depth):
                blocks.append(Block(inputs, width, 2 if stage > 0 and index == 0 else 1, norms))
                inputs = width
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(inputs, 10)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


class Added(nn.Module):
    """What lists of layers call residual."""

    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = nn.Sequential(*body), nn.Sequential(*shortcut)

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


def listed():
    """The network that LayerListPyTorchTests writes as a list of layers."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        Added(
            [nn.Conv2d(8, 12, 3, stride=2, padding=1), nn.GroupNorm(3, 12), nn.Tanh()],
            [nn.AvgPool2d(2), nn.Conv2d(8, 12, 1)]),
        nn.Sigmoid(), nn.Conv2d(12, 6, 5, padding=2), nn.ReLU(), nn.Flatten(), nn.Linear(6 * 7 * 7, 16), nn.ReLU(),
        nn.Linear(16, 10))


class Draw:
    """Numbers from a name, the same in every language: word i is SplitMix64's output for state seed + (i + 1) gamma,
    the seed being the 64-bit FNV-1a hash of the name; a number is its upper 24 bits divided by 2^23, less 1."""

    gamma = 0x9E3779B97F4A7C15

    @staticmethod
    def seed(name):
        hash = 0xCBF29CE484222325
        for byte in name.encode():
            hash = (hash ^ byte) * 0x100000001B3 % 2**64
        return hash

    @staticmethod
    def words(name, count):
        with np.errstate(over="ignore"):
            z = np.uint64(Draw.seed(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(Draw.gamma)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            return z ^ (z >> np.uint64(31))

    @staticmethod
    def numbers(name, shape):
        top = (Draw.words(name, math.prod(shape)) >> np.uint64(40)).astype(np.float32)
        return torch.from_numpy((top / np.float32(2**23) - np.float32(1)).reshape(shape))


def drawn_weights(model, seed, gain, block_end):
    """Matrices and kernels as PyTorch draws them, times the gain; scales near 1, but near 1/4 for the norms of the name
    `block_end`; shifts and biases near 0."""
    weights = {}
    for name, parameter in model.named_parameters():
        shape = tuple(parameter.shape)
        numbers = Draw.numbers(f"{seed}:{name}", shape)
        if len(shape) > 1:
            # A float32 factor, as exact in one language as in another.
            numbers = numbers * np.float32(1 / math.sqrt(math.prod(shape[1:]))) * np.float32(gain)
        elif name.endswith(".weight"):
            numbers = 1 + numbers * np.float32(0.25)
        else:
            numbers = numbers * np.float32(0.25)
        if block_end and name.endswith(f".{block_end}.weight"):
            numbers = numbers * np.float32(0.25)
        weights[name] = numbers
    return weights


def kept(name, gradient, whole_up_to, samples):
    """What is kept of a gradient: all of a small one, some of a large one and what betrays an error in the rest."""
    if gradient.numel() <= whole_up_to:
        return {name: gradient}
    flat = gradient.flatten()
    indices = torch.from_numpy((Draw.words(f"{name}@indices", samples) % np.uint64(flat.numel())).astype(np.int64))
    products = [(flat.double() @ Draw.numbers(f"{name}@{k}", flat.shape).double()).float() for k in range(8)]
    return {
        f"{name}@indices": flat[indices], f"{name}@norm": flat.double().norm().float().reshape(1),
        f"{name}@products": torch.stack(products)}


def make_drawn(
        name, kind, batch, shape, folder, whole_up_to=1 << 30, samples=512, gain=1, block_end=None, exact=False,
        agreement=2e-5, label_smoothing=0.0, noises=4):
    for seed in range(1000):
        model = kind()
        model.load_state_dict(drawn_weights(model, seed, gain, block_end), strict=False)
        precise = copy.deepcopy(model).double()
        judge = precise if exact else model
        images = Draw.numbers(f"{seed}:input", (batch, *shape)) * np.float32(1.75)
        labels = torch.from_numpy((Draw.words(f"{seed}:label", batch) % np.uint64(10)).astype(np.int64))

        def found(by, images, memory_format=torch.contiguous_format):
            images = images.to(next(by.parameters()).dtype)
            return gradients(by, images, labels, memory_format, label_smoothing)

        truth = found(judge, images)
        others = [found(model, images), found(model, images, torch.channels_last), found(precise, images)]
        # And no number may lie so near a ReLU's edge that the rounding of yet another program moves it across.
        for k in range(noises):
            noise = Draw.numbers(f"{seed}:noise{k}", tuple(images.shape)) * np.float32(1e-6)
            others.append(found(judge, images + noise))
        distance = max(disagreement(other, truth) for other in others)
        if distance <= agreement:
            break
    else:
        sys.exit(f"{name}: no seed for which PyTorch agrees with itself")
    tensors = {"seed": torch.tensor([seed]), "shape": torch.tensor([batch, *shape])}
    if gain != 1:
        tensors["gain"] = torch.tensor([float(gain)])
    for key, tensor in truth.items():
        tensors |= kept(key, tensor.float(), whole_up_to, samples)
    save_file(tensors, folder / f"{name}.drawn.safetensors", metadata={"format": "pt"})
    print(f"{name}: seed {seed}, PyTorch differs from itself by {distance:.1e}", flush=True)


def gradients(model, images, labels, memory_format, label_smoothing=0.0):
    model = model.to(memory_format=memory_format)
    model.zero_grad(set_to_none=True)
    logits = model(images.to(memory_format=memory_format))
    loss = F.cross_entropy(logits, labels, label_smoothing=label_smoothing)
    loss.backward()
    result = {name: parameter.grad.detach().contiguous().clone() for name, parameter in model.named_parameters()}
    return result | {"loss": loss.detach().reshape(1), "logits": logits.detach().contiguous()}


def disagreement(first, second):
    """The largest distance between tensors, relative to their norm or to a thousandth of the largest gradient's."""
    largest = max(tensor.norm() for name, tensor in second.items() if name not in ("loss", "logits"))
    return max(
        ((first[name] - second[name]).norm() / max(second[name].norm(), 1e-3 * largest)).item() for name in second)


def make(name, kind, batch, folder):
    for seed in range(100):
        torch.manual_seed(seed)
        model, images = kind(), torch.randn(batch, 1, 28, 28)
        labels = torch.randint(0, 10, (batch,))
        weights = {key: value.detach().clone() for key, value in model.state_dict().items()}
        plain = gradients(model, images, labels, torch.contiguous_format)
        distance = disagreement(gradients(model, images, labels, torch.channels_last), plain)
        if distance <= 2e-5:
            break
    else:
        sys.exit(f"{name}: no seed for which PyTorch agrees with itself")
    save_file(weights, folder / f"{name}.weights.safetensors", metadata={"format": "pt"})
    save_file({"input": images, "label": labels}, folder / f"{name}.batch.safetensors")
    save_file(plain, folder / f"{name}.gradient.safetensors")
    print(f"{name}: seed {seed}, PyTorch differs from itself by {distance:.1e}")


def make_pictures(folder):
    """Pictures of 40 x 30 pixels as grey, colour, inks, palette and with opacity; PICTURE.planes is the middle 16 x 16
    of what Pillow brings to a shorter side of 20, and wide.planes the rectangle of 31 x 17 at (6, 9) brought to
    24 x 24, as red, green and blue planes."""
    from PIL import Image
    folder.mkdir(parents=True, exist_ok=True)
    rows, columns = np.mgrid[0:30, 0:40]
    wave = lambda a, b, c: np.uint8(128 + 100 * np.sin(a * rows + b * columns + c))
    image = Image.fromarray(np.stack([wave(.2, .1, 0), wave(.05, .3, 1), wave(.15, .15, 2)], 2))
    mask = Image.fromarray(wave(.1, .1, 3))
    opaque = image.copy()
    opaque.putalpha(mask)
    pictures = {"colour.jpg": image, "grey.jpg": image.convert("L"), "inks.jpg": image.convert("CMYK"),
                "progressive.jpg": image, "colour.png": image, "grey.png": image.convert("L"),
                "palette.png": image.quantize(16), "opacity.png": opaque}

    def write(name, picture, box=None):
        planes = np.asarray(picture if box is None else picture.crop(box)).transpose(2, 0, 1)
        (folder / name).write_bytes(planes.tobytes())

    for name, picture in pictures.items():
        options = {"quality": 92, "progressive": name.startswith("progressive")} if name.endswith("jpg") else {}
        picture.save(folder / name, **options)
        small = Image.open(folder / name).convert("RGB").resize((26, 20), Image.Resampling.BILINEAR)
        write(f"{name}.planes", small, (5, 2, 21, 18))
    part = Image.open(folder / "colour.png").convert("RGB").crop((6, 9, 37, 26))
    write("wide.planes", part.resize((24, 24), Image.Resampling.BILINEAR))


def make_arrays(folder):
    """The same small arrays as numpy.savez stores and as it packs them; colours beside each other, and in planes."""
    images = (np.arange(7 * 4 * 5 * 3) * 11 % 251).astype(np.uint8).reshape(7, 4, 5, 3)
    labels = np.array([2, 0, 1, 2, 1], dtype=np.int64)
    arrays = {"x_train": images[:5], "y_train": labels, "x_test": images[5:], "y_test": np.array([[1], [0]], np.int32)}
    np.savez(folder / "stored.npz", **arrays)
    planes = {name: array.transpose(0, 3, 1, 2).copy() if array.ndim == 4 else array for name, array in arrays.items()}
    np.savez_compressed(folder / "packed.npz", **planes)
    # As if a hundred bytes were more than 4 GB.
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 100
    np.savez(folder / "long.npz", **arrays)
    zipfile.ZIP64_LIMIT = limit


def make_saved(folder):
    """A small ResNet that has learned a little, and images whose labels are its answers; its loss on these stands in
    the metadata of its weights."""
    torch.manual_seed(1)
    prototypes = torch.randn(10, 3, 8, 8)

    def draw(count):
        labels = torch.arange(count) % 10
        pixels = 127.5 + 40 * (prototypes[labels] + 1.2 * torch.randn(count, 3, 8, 8))
        return pixels.round().clip(0, 255).to(torch.uint8), labels

    def normalised(pixels):
        return (pixels.float() / 255 - mean) / deviation

    images, labels = draw(40)
    values = images.double() / 255
    mean = values.mean((0, 2, 3), keepdim=True).float()
    deviation = values.std((0, 2, 3), correction=0, keepdim=True).float()
    model = ResNet([4, 8, 16], 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(60):
        batch, wanted = draw(50)
        optimizer.zero_grad()
        F.cross_entropy(model(normalised(batch)), wanted).backward()
        optimizer.step()
    model.eval()
    tests, _ = draw(60)
    with torch.inference_mode():
        logits = model(normalised(tests))
    best = logits.topk(2, dim=1)
    answers = best.indices[:, 0]
    margin = (best.values[:, 0] - best.values[:, 1]).min().item()
    if margin < 1e-3 or len(answers.unique()) < 8:
        sys.exit(f"saved: the answers are {len(answers.unique())} classes, with a margin of {margin}")
    folder.mkdir(exist_ok=True)
    np.savez(folder / "saved.npz", x_train=images.numpy(), y_train=labels.numpy(), x_test=tests.numpy(),
             y_test=answers.numpy())
    loss = F.cross_entropy(logits.double(), answers).item()
    save_file(model.state_dict(), folder / "saved.safetensors", metadata={"format": "pt", "loss": repr(loss)})


def make_reference(path):
    tensors = {
        "bytes": torch.tensor([[1, 2, 255]], dtype=torch.uint8),
        "words": torch.tensor([-1, 2**31 - 1], dtype=torch.int32),
        "b.weight": torch.tensor([[0.5, -1.25, 3e-38], [float("inf"), 0.0, 1e10]]),
        "a.weight": torch.arange(3, dtype=torch.float32),
        "label": torch.tensor([-5, 2**40], dtype=torch.int64),
        "scalar": torch.tensor(7.5),
        "empty": torch.zeros(0, 4),
        "with \"quotes\" and ü": torch.ones(1),
    }
    save_file(tensors, path, metadata={"format": "pt"})


def drawn_models():
    """(name, model, batch, shape of an image, settings) of what `make_drawn` makes."""
    def cifar(depth, norms=Norms()):
        return lambda: ResNet([16, 32, 64], depth, norms)

    def image_net(block, depths):
        return lambda: NarrowResNet(block, depths, 16)

    basic, bottleneck = torchvision.models.resnet.BasicBlock, torchvision.models.resnet.Bottleneck
    part = {"whole_up_to": 256, "samples": 128, "exact": True}
    basic_blocks, bottlenecks = part | {"block_end": "bn2"}, part | {"block_end": "bn3"}
    deep = part | {"gain": 2.4}
    yield "lenet5", LeNet5, 4, (1, 28, 28), {}
    yield "mesbah-cnn", MesbahCNN, 3, (1, 28, 28), {}
    yield "resnet20", cifar(3), 4, (3, 32, 32), {}
    # oneDNN for AVX2 moves a number that four draws of noise do not.
    yield "resnet18", lambda: ResNet([64, 128, 256, 512], 2), 2, (3, 32, 32), {"whole_up_to": 4096, "noises": 16}
    yield "lenet5-smoothed", LeNet5, 4, (1, 28, 28), part | {"label_smoothing": 0.1}
    yield "2nn", lambda: Perceptron([144, 200, 200, 10]), 4, (1, 12, 12), part
    yield "fedavg-cnn", lambda: Stack(1, [(32, 5, 2), "M", (64, 5, 2), "M"], [576, 512, 10]), 3, (1, 12, 12), part
    small = [(32, 3, 1)] * 2 + ["M"] + [(64, 3, 1)] * 2 + ["M"]
    yield "cdsgd-cnn", lambda: Stack(3, small, [576, 512, 10]), 3, (3, 12, 12), deep
    big = [(16, 3, 1)] * 3 + ["M"] + [(32, 3, 1)] * 3 + ["M"] + [(64, 3, 1)] * 3 + ["M"]
    yield "cdsgd-big-cnn", lambda: Stack(3, big, [256, 64, 64, 10]), 3, (3, 16, 16), deep
    yield "cdsgd-fcn", lambda: Perceptron([144] + [50] * 20 + [10]), 4, (1, 12, 12), deep
    yield (
        "nettorrent-mnist", lambda: Perceptron([144] + [256] * 6 + [10], torch.sigmoid, F.logsigmoid), 4, (1, 12, 12),
        part | {"gain": 6})
    unpadded = [(32, 3, 1), (32, 3, 0), "M", (64, 3, 1), (64, 3, 0), "M"]
    yield "nettorrent-cifar", lambda: Stack(3, unpadded, [256, 512, 10]), 3, (3, 16, 16), deep
    yield "vgg11", lambda: VGG(16), 2, (3, 32, 32), deep
    yield "vgg11-batch", lambda: VGG(16, Norms()), 3, (3, 32, 32), part | {"agreement": 7e-5}
    yield "vgg11-evonorm", lambda: VGG(16, Norms("evonorm-s0", 4)), 2, (3, 32, 32), part
    yield "resnet20-group", cifar(3, Norms("group", 4)), 2, (3, 8, 8), part
    yield "resnet20-evonorm", cifar(3, Norms("evonorm-s0", 4)), 2, (3, 8, 8), part
    yield "resnet32", cifar(5), 4, (3, 8, 8), basic_blocks
    yield "resnet44", cifar(7), 4, (3, 8, 8), basic_blocks
    yield "resnet56", cifar(9), 4, (3, 8, 8), basic_blocks
    yield "resnet110", cifar(18), 4, (3, 8, 8), basic_blocks
    yield "resnet18-imagenet", image_net(basic, [2, 2, 2, 2]), 2, (3, 64, 64), basic_blocks
    yield "resnet34", image_net(basic, [3, 4, 6, 3]), 2, (3, 64, 64), basic_blocks
    yield "resnet50", image_net(bottleneck, [3, 4, 6, 3]), 4, (3, 64, 64), bottlenecks


def autocast_errors(wanted, folder):
    """Prints how far autocast to bfloat16 takes the whole gradient, relative to its norm: what BFloat16Tests go by."""
    for name, kind, batch, shape, _ in drawn_models():
        if name not in wanted:
            continue
        seed = int(load_file(folder / f"{name}.drawn.safetensors")["seed"][0])
        model = kind()
        model.load_state_dict(drawn_weights(model, seed, 1, None), strict=False)
        images = Draw.numbers(f"{seed}:input", (batch, *shape)) * np.float32(1.75)
        labels = torch.from_numpy((Draw.words(f"{seed}:label", batch) % np.uint64(10)).astype(np.int64))
        exact = gradients(model, images, labels, torch.contiguous_format)
        model.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = F.cross_entropy(model(images), labels)
        loss.backward()
        pairs = [(parameter.grad.double(), exact[key].double()) for key, parameter in model.named_parameters()]
        error = math.sqrt(sum((a - b).square().sum().item() for a, b in pairs))
        print(f"{name}: {error / math.sqrt(sum(b.square().sum().item() for _, b in pairs)):.5f}")


def make_optimizers(path):
    """Parameters are float32 and so are the gradients, which are computed in double precision, that rounding in a
    program's own order of sums be no part of the comparison."""
    shapes = {"fc1.weight": (6, 8), "fc1.bias": (6,), "fc2.weight": (3, 6), "fc2.bias": (3,)}
    start = [Draw.numbers(f"optimizers:{name}", shape) * np.float32(0.5) for name, shape in shapes.items()]
    images = Draw.numbers("optimizers:input", (16, 8))
    labels = torch.from_numpy((Draw.words("optimizers:label", 16) % np.uint64(3)).astype(np.int64))
    kinds = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
        "nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
        "adagrad": torch.optim.Adagrad, "rmsprop": torch.optim.RMSprop,
        "adagrad-decay": lambda p: torch.optim.Adagrad(p, lr_decay=0.1),
        "rmsprop-centered": lambda p: torch.optim.RMSprop(p, lr=0.002, centered=True),
        "rmsprop-momentum": lambda p: torch.optim.RMSprop(p, lr=0.001, momentum=0.9), "adam": torch.optim.Adam,
        "adam-decay": lambda p: torch.optim.Adam(p, weight_decay=0.1),
        # A share at which mean squares fall on the way, or their largest would be themselves.
        "adam-amsgrad": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.9, 0.9), amsgrad=True),
        "adamw-amsgrad": lambda p: torch.optim.AdamW(p, lr=0.01, betas=(0.9, 0.9), amsgrad=True),
        # A rate at which the way is long beside the rounding of the parameters.
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.01),
        "nadam": torch.optim.NAdam, "adamax": torch.optim.Adamax,
    }
    schedules = {
        "step": lambda o: torch.optim.lr_scheduler.StepLR(o, 40, 0.1),
        "cosine": lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda t: (1 + math.cos(math.pi * t / 100)) / 2),
    }
    tensors = {"start": torch.cat([tensor.flatten() for tensor in start]), "input": images, "label": labels}
    for kind, make in kinds.items():
        for schedule, scheduled in schedules.items():
            parameters = [tensor.clone().requires_grad_() for tensor in start]
            optimizer = make(parameters)
            scheduler, losses = scheduled(optimizer), []
            for step in range(100):
                w1, b1, w2, b2 = copies = [p.detach().double().requires_grad_() for p in parameters]
                logits = torch.tanh(images.double() @ w1.T + b1) @ w2.T + b2
                loss = F.cross_entropy(logits, labels)
                loss.backward()
                for parameter, double in zip(parameters, copies):
                    parameter.grad = double.grad.float()
                optimizer.step()
                scheduler.step()
                if step in (0, 49, 99):
                    losses.append(loss.item())
            tensors[f"{kind}.{schedule}"] = torch.cat([p.detach().flatten() for p in parameters])
            tensors[f"{kind}.{schedule}.losses"] = torch.tensor(losses)
    path.parent.mkdir(exist_ok=True)
    save_file(tensors, path, metadata={"format": "pt"})


if __name__ == "__main__":
    torch.set_num_threads(1)
    wanted = sys.argv[1:]
    tests = pathlib.Path(__file__).resolve().parent.parent / "Tests"
    if not wanted:
        make_reference(tests / "SafetensorsTests/Fixtures/reference.safetensors")
        make_pictures(tests / "DatasetsTests/Fixtures")
        make_arrays(tests / "DatasetsTests/Fixtures")
        make_saved(tests / "TrainingTests/Fixtures")
    folder = tests / "ComputeTests/Fixtures"
    if "autocast" in wanted:
        autocast_errors(["lenet5", "mesbah-cnn", "resnet20", "resnet18"], folder)
    for name, kind, batch in [("softmax", Softmax, 4), ("mlp", MLP, 4), ("cnn", CNN, 3), ("layers", listed, 4)]:
        if not wanted or name in wanted:
            make(name, kind, batch, folder)
    for name, kind, batch, shape, settings in drawn_models():
        if not wanted or name in wanted:
            make_drawn(name, kind, batch, shape, folder, **settings)
    if not wanted or "optimizers" in wanted:
        make_optimizers(tests / "OptimizersTests/Fixtures/pytorch.safetensors")
