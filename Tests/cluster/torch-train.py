"""An ordinary training script, which knows its way to the others from --transport alone, for Tests/cluster/torch."""

from __future__ import annotations

import argparse
import json

import torch

import murmur_gossip


def main() -> None:
    """Learns the sum of the inputs from random ones, and prints what came from the others."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--transport", type=json.loads, help="the way to the others as JSON; the launcher's else")
    arguments.add_argument("--steps", type=int, default=10_000)
    words = arguments.parse_args()

    torch.manual_seed(1)
    torch.set_num_threads(1)
    model = torch.nn.Sequential(torch.nn.Linear(64, 256), torch.nn.Tanh(), torch.nn.Linear(256, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    peer = murmur_gossip.Peer(
        model, optimizer, algorithm="gosgd", probability=0.1, steps=words.steps, transport=words.transport)
    for step in range(words.steps):
        x = torch.randn(128, 64)
        loss = torch.nn.functional.mse_loss(model(x), x.sum(1, keepdim=True))
        optimizer.zero_grad()
        loss.backward()
        peer.batch(loss=loss, samples=len(x))
        optimizer.step()
    metrics = peer.metrics
    print(f"steps {metrics.steps} sent {metrics.messages_sent} received {metrics.messages_received} "
          f"loss {metrics.loss:.4f}", flush=True)
    peer.close()


if __name__ == "__main__":
    main()
