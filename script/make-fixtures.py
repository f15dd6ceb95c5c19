#!/usr/bin/env python3
"""Makes the fixtures of the tests.

usage: script/make-fixtures.py        needs torch, numpy and safetensors

Tests/SafetensorsTests/Fixtures/reference.safetensors: a file of every type we know, by the Python package.

Tests/ComputeTests/Fixtures: weights, a batch, and PyTorch's logits, loss and gradients for each model.

For each model MODEL.weights.safetensors (PyTorch's default initialisation, seeded), MODEL.batch.safetensors (`input`,
`label`) and MODEL.gradient.safetensors (`loss`, `logits`, one tensor for each parameter). A seed is taken only if PyTorch's
own results in contiguous and in channels-last memory agree to 2e-5, so that the test's bound of 1e-4 judges us and not
rounding.
"""
import pathlib
import sys

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


if __name__ == "__main__":
    torch.set_num_threads(1)
    tests = pathlib.Path(__file__).resolve().parent.parent / "Tests"
    make_reference(tests / "SafetensorsTests/Fixtures/reference.safetensors")
    folder = tests / "ComputeTests/Fixtures"
    make("softmax", Softmax, 4, folder)
    make("mlp", MLP, 4, folder)
    make("cnn", CNN, 3, folder)
