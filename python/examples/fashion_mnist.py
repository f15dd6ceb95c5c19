"""A small CNN on Fashion-MNIST, each process on its share of the images.

    python -m murmur_gossip.run -n 4 fashion_mnist.py --data /usr/share/datasets/fashion-mnist
    python -m murmur_gossip.run -n 4 fashion_mnist.py --algorithm dpsgd --topology ring

Without ``--data`` it learns from random images, which shows that it runs and nothing else.
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path
from typing import Optional, Tuple

import torch
from torch import nn
from torch.nn import functional

import murmur_gossip

Samples = Tuple[torch.Tensor, torch.Tensor]


def network() -> nn.Module:
    """32 and 64 channels, 421,642 parameters."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64 * 7 * 7, 128), nn.ReLU(), nn.Linear(128, 10))


def read(folder: Optional[Path], part: str, count: int) -> Samples:
    """The first images of a part (``train``, ``t10k``) and their labels."""
    if folder is None:
        generator = torch.Generator().manual_seed(len(part))
        return torch.randn(count, 1, 28, 28, generator=generator), torch.randint(0, 10, (count,), generator=generator)
    images = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    pixels = torch.frombuffer(bytearray(images[16 : 16 + count * 784]), dtype=torch.uint8)
    x = (pixels.view(-1, 1, 28, 28).float() / 255 - 0.2860) / 0.3530
    return x, torch.frombuffer(bytearray(labels[8 : 8 + count]), dtype=torch.uint8).long()


def accuracy(model: nn.Module, samples: Samples) -> float:
    """The share of samples that a model names rightly."""
    model.eval()
    with torch.no_grad():
        hits = sum(
            int((model(x).argmax(1) == y).sum()) for x, y in zip(samples[0].split(500), samples[1].split(500)))
    model.train()
    return hits / len(samples[1])


def main() -> None:
    """Trains, and prints after each epoch what the average of the models comes to."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", type=Path)
    arguments.add_argument("--algorithm", default="gosgd")
    arguments.add_argument("--topology")
    arguments.add_argument("--epochs", type=int, default=1)
    arguments.add_argument("--samples", type=int, default=60_000)
    arguments.add_argument("--records", help="a new folder, for murmur report")
    words = arguments.parse_args()

    torch.manual_seed(1)
    x, y = read(words.data, "train", words.samples)
    share = slice(murmur_gossip.rank(), len(y) - len(y) % murmur_gossip.ranks(), murmur_gossip.ranks())
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(x[share], y[share]), batch_size=64, shuffle=True, drop_last=True)
    tests = read(words.data, "t10k", min(words.samples, 10_000))
    model, average = network(), network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    options = {"probability": 0.1} if words.algorithm == "gosgd" else {}
    with murmur_gossip.Peer(
        model, optimizer, words.algorithm, topology=words.topology, steps=words.epochs * len(loader),
        steps_per_epoch=len(loader), records=words.records, **options
    ) as peer:
        for epoch in range(words.epochs):
            for images, labels in loader:
                optimizer.zero_grad()
                loss = functional.cross_entropy(model(images), labels)
                loss.backward()
                peer.batch(loss=loss, samples=len(labels))
                optimizer.step()
            average.load_state_dict(peer.consensus())
            peer.record(accuracy=accuracy(model, tests))
            print(f"epoch {epoch + 1}: loss {peer.metrics.loss:.3f}")
            if murmur_gossip.rank() == 0:
                reached = accuracy(average, tests)
                peer.record(accuracy=reached, consensus=True)
                print(f"epoch {epoch + 1}: accuracy of the average {reached:.4f}")


if __name__ == "__main__":
    main()
