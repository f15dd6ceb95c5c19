#!/usr/bin/env python3
"""Makes the fixtures of the tests.

usage: script/make-fixtures.py        needs torch, numpy and safetensors

Tests/SafetensorsTests/Fixtures/reference.safetensors: a file of every type we know, by the Python package.

Tests/ComputeTests/Fixtures: weights, a batch, and PyTorch's logits, loss and gradients for each model.

For each small model MODEL.weights.safetensors (PyTorch's default initialisation, seeded), MODEL.batch.safetensors
(`input`, `label`) and MODEL.gradient.safetensors (`loss`, `logits`, one tensor for each parameter). A seed is taken
only if PyTorch's own results in contiguous and in channels-last memory agree to 2e-5, so that the test's bound of 1e-4
judges us and not rounding.

Weights and images of larger models are not kept but drawn by `Draw`, which the tests have too; MODEL.drawn.safetensors
holds the `seed`, `loss`, `logits` and gradients, which for the largest are kept in part: some of each tensor's numbers,
at drawn places (`NAME@indices`), the norm of all (`NAME@norm`), and their products with the drawn vectors NAME@0 to
NAME@7 (`NAME@products`). Norms are in training mode, dropout is the identity.

Tests/OptimizersTests/Fixtures/pytorch.safetensors: a small net's start and batch, and where each of PyTorch's
optimizers takes it in 100 steps under two schedules (`NAME.SCHEDULE`), with the losses before steps 0, 49 and 99
(`NAME.SCHEDULE.losses`).
"""
import copy
import math
import pathlib
import sys

import numpy as np

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file


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


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """With the names of torchvision's, and a stem for small images."""

    def __init__(self, widths, depth):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, widths[0], 3, 1, 1, bias=False), nn.BatchNorm2d(widths[0])
        inputs, self.stages = widths[0], len(widths)
        for stage, width in enumerate(widths):
            blocks = []
            for index in range(depth):
                blocks.append(Block(inputs, width, 2 if stage > 0 and index == 0 else 1))
                inputs = width
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(inputs, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


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


def drawn_weights(model, seed):
    """Matrices and kernels as PyTorch draws them, scales near 1, shifts and biases near 0."""
    weights = {}
    for name, parameter in model.named_parameters():
        shape = tuple(parameter.shape)
        numbers = Draw.numbers(f"{seed}:{name}", shape)
        if len(shape) > 1:
            # A float32 factor, as exact in one language as in another.
            numbers = numbers * np.float32(1 / math.sqrt(math.prod(shape[1:])))
        elif name.endswith(".weight"):
            numbers = 1 + numbers * np.float32(0.25)
        else:
            numbers = numbers * np.float32(0.25)
        weights[name] = numbers
    return weights


def kept(name, gradient, whole_up_to):
    """What is kept of a gradient: all of a small one, some of a large one and what betrays an error in the rest."""
    if gradient.numel() <= whole_up_to:
        return {name: gradient}
    flat = gradient.flatten()
    indices = torch.from_numpy((Draw.words(f"{name}@indices", 512) % np.uint64(flat.numel())).astype(np.int64))
    products = [(flat.double() @ Draw.numbers(f"{name}@{k}", flat.shape).double()).float() for k in range(8)]
    return {
        f"{name}@indices": flat[indices], f"{name}@norm": flat.double().norm().float().reshape(1),
        f"{name}@products": torch.stack(products)}


def make_drawn(name, kind, batch, shape, folder, whole_up_to=1 << 30):
    for seed in range(1000):
        model = kind()
        model.load_state_dict(drawn_weights(model, seed), strict=False)
        images = Draw.numbers(f"{seed}:input", (batch, *shape)) * np.float32(1.75)
        labels = torch.from_numpy((Draw.words(f"{seed}:label", batch) % np.uint64(10)).astype(np.int64))
        plain = gradients(model, images, labels, torch.contiguous_format)
        others = [
            gradients(model, images, labels, torch.channels_last),
            gradients(copy.deepcopy(model).double(), images.double(), labels, torch.contiguous_format),
        ]
        # And no number may lie so near a ReLU's edge that the rounding of yet another program moves it across.
        for k in range(4):
            noise = Draw.numbers(f"{seed}:noise{k}", tuple(images.shape)) * np.float32(1e-6)
            others.append(gradients(model, images + noise, labels, torch.contiguous_format))
        distance = max(disagreement(other, plain) for other in others)
        if distance <= 2e-5:
            break
    else:
        sys.exit(f"{name}: no seed for which PyTorch agrees with itself")
    tensors = {"seed": torch.tensor([seed]), "shape": torch.tensor([batch, *shape])}
    for key, tensor in plain.items():
        tensors |= kept(key, tensor, whole_up_to)
    save_file(tensors, folder / f"{name}.drawn.safetensors", metadata={"format": "pt"})
    print(f"{name}: seed {seed}, PyTorch differs from itself by {distance:.1e}")


def gradients(model, images, labels, memory_format):
    model = model.to(memory_format=memory_format)
    model.zero_grad(set_to_none=True)
    logits = model(images.to(memory_format=memory_format))
    loss = F.cross_entropy(logits, labels)
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
        "rmsprop-momentum": lambda p: torch.optim.RMSprop(p, lr=0.001, momentum=0.9), "adam": torch.optim.Adam,
        "adam-decay": lambda p: torch.optim.Adam(p, weight_decay=0.1),
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
    tests = pathlib.Path(__file__).resolve().parent.parent / "Tests"
    make_reference(tests / "SafetensorsTests/Fixtures/reference.safetensors")
    folder = tests / "ComputeTests/Fixtures"
    make("softmax", Softmax, 4, folder)
    make("mlp", MLP, 4, folder)
    make("cnn", CNN, 3, folder)
    make_drawn("lenet5", LeNet5, 4, (1, 28, 28), folder)
    make_drawn("mesbah-cnn", MesbahCNN, 3, (1, 28, 28), folder)
    make_drawn("resnet20", lambda: ResNet([16, 32, 64], 3), 4, (3, 32, 32), folder)
    make_drawn("resnet18", lambda: ResNet([64, 128, 256, 512], 2), 2, (3, 32, 32), folder, whole_up_to=4096)
    make_optimizers(tests / "OptimizersTests/Fixtures/pytorch.safetensors")
