"""What a test needs to lay torch beside the command: the same pixels, the same start, the models of its runs."""

from __future__ import annotations

import json
import struct
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Tuple

import torch

PEERS = 5
SHARE = 32
STEPS = 50
RATE = 0.05


@lru_cache(None)
def pixels() -> Tuple[torch.Tensor, torch.Tensor]:
    """Images of every peer, one share behind the other, and what is on them: mostly dark, as written digits are."""
    generator = torch.Generator().manual_seed(3)
    labels = torch.randint(0, 10, (PEERS * SHARE,), generator=generator)
    images = torch.randint(0, 256, (PEERS * SHARE, 28, 28), generator=generator)
    images[torch.rand(images.shape, generator=generator) < 0.8] = 0
    return images.to(torch.uint8), labels


def write_pixels(folder: Path) -> None:
    """As four IDX files, as MNIST has them."""
    images, labels = pixels()
    for part in ("train", "t10k"):
        count = len(labels)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(
            struct.pack(">IIII", 2051, count, 28, 28) + bytes(images.flatten().tolist()))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(
            struct.pack(">II", 2049, count) + bytes(labels.tolist()))


def network() -> torch.nn.Module:
    """What the command calls softmax."""
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10))


@lru_cache(None)
def share(peer: int) -> Tuple[torch.Tensor, torch.Tensor]:
    """What a peer learns from."""
    images, labels = pixels()
    mine = slice(peer * SHARE, (peer + 1) * SHARE)
    return images[mine].float() / 255, labels[mine]


def loss(model: torch.nn.Module, peer: int) -> torch.Tensor:
    """Of all of a peer's share."""
    x, y = share(peer)
    return torch.nn.functional.cross_entropy(model(x), y)


def tensors(file: Path) -> Dict[str, torch.Tensor]:
    """The float32 tensors of a safetensors file."""
    content = file.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    found: Dict[str, torch.Tensor] = {}
    for name, entry in json.loads(content[8 : 8 + length]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            numbers = bytearray(content[8 + length + begin : 8 + length + end])
            found[name] = torch.frombuffer(numbers, dtype=torch.float32).view(entry["shape"])
    return found


def read_into(model: torch.nn.Module, file: Path) -> None:
    """Lets the model have the weights and the biases of the file."""
    values = tensors(file)
    for name, parameter in model.named_parameters():
        (match,) = (value for key, value in values.items() if key.endswith(name.split(".")[-1]))
        with torch.no_grad():
            parameter.copy_(match)


def overrides(folder: Path, choices: Dict[str, Any]) -> List[str]:
    """The settings of a run of the command on those pixels, each step one of a whole share."""
    fixed = {
        "data.name": "mnist", "data.path": folder, "data.normalize": "false", "partition.kind": "contiguous",
        "model.name": "softmax", "optimizer.name": "sgd", "optimizer.learning_rate": RATE, "peers": PEERS,
        "batch": SHARE, "steps": STEPS, "threads_per_peer": 1, "save.peers": "true"}
    return [f"{key}={value}" for key, value in {**fixed, **choices}.items()]


def run(program: str, *words: Any) -> str:
    """What the command prints."""
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
