"""Hugging Face Accelerate brings device and precision; the peer brings the others.

    pip install accelerate
    python -m murmur_gossip.run -n 2 accelerated.py

Accelerate sees one process in each, and wraps the optimizer: the peer takes the one within.
"""

from __future__ import annotations

import sys

import torch
from accelerate import Accelerator

import murmur_gossip


def main(steps: int = 100) -> None:
    """Learns the sum of the inputs."""
    torch.manual_seed(1)
    accelerator = Accelerator()
    model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    model, optimizer = accelerator.prepare(model, optimizer)
    generator = torch.Generator().manual_seed(murmur_gossip.rank())
    with murmur_gossip.Peer(
        accelerator.unwrap_model(model), optimizer.optimizer, algorithm="gosgd", probability=0.1, steps=steps
    ) as peer:
        for _ in range(steps):
            x = torch.randn(16, 8, generator=generator).to(accelerator.device)
            with accelerator.autocast():
                loss = torch.nn.functional.mse_loss(model(x), x.sum(1, keepdim=True))
            optimizer.zero_grad()
            accelerator.backward(loss)
            peer.batch(loss=loss, samples=len(x))
            optimizer.step()
        print(f"loss {peer.metrics.loss:.4f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
