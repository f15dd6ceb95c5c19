"""A training step in PyTorch on one core, batch 64: forward, loss, backward, SGD with momentum.

usage: python torch_step.py mlp|cnn      prints {"median_ms": ...} of the faster memory format
"""
import json
import sys
import time

import torch
from torch import nn

NETWORKS = {
    "mlp": lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)),
    "cnn": lambda: nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 7 * 7, 128), nn.ReLU(), nn.Linear(128, 10)),
}


def median_ms(name, memory_format, seconds=3.0):
    network = NETWORKS[name]().to(memory_format=memory_format)
    images = torch.randn(64, 1, 28, 28).to(memory_format=memory_format)
    labels = torch.randint(0, 10, (64,))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(network(images), labels).backward()
        optimizer.step()
        times.append((time.perf_counter() - begin) * 1e3)
    return sorted(times[3:])[len(times[3:]) // 2]


torch.set_num_threads(1)
torch.manual_seed(1)
formats = (torch.contiguous_format, torch.channels_last)
print(json.dumps({"median_ms": round(min(median_ms(sys.argv[1], f) for f in formats), 4)}, separators=(",", ":")))
