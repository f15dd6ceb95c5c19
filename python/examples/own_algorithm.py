"""D-PSGD written in Python: in the simulator under faults, and with torch on processes.

    python own_algorithm.py                                 a hundred peers in virtual time
    python -m murmur_gossip.run -n 4 own_algorithm.py       four processes
"""

from __future__ import annotations

import sys

import torch

import murmur_gossip
from murmur_gossip import MODEL, Effects, Event, GradientReady, Metadata, PeerLeft, Received, Start, Stop, Term


class MyDPSGD(murmur_gossip.Algorithm):
    """Every round averages with the neighbours, as the library's own dpsgd does, to the bit."""

    needs, graph_use = frozenset({"doubly-stochastic", "connected"}), "weights"
    is_lock_step = keeps_step_with_neighbours = True

    def __init__(self, setup: murmur_gossip.Setup) -> None:
        super().__init__(setup)
        self.round, self.last, self.waits, self.came = 0, setup.steps, False, {}  # type: ignore[var-annotated]

    def handle(self, event: Event, effects: Effects) -> None:
        if isinstance(event, GradientReady):
            self.waits = True
        elif isinstance(event, Received) and event.payload:
            effects.keep(event.payload)
            self.came[event.metadata.round, event.sender] = event.payload
        elif isinstance(event, PeerLeft) and self.round < self.last:
            effects.abandon(f"my-dpsgd cannot go on: peer {event.peer} is gone")
        elif isinstance(event, Stop):
            self.last = min(self.last, max(event.step, self.round + 1))
        others = self.setup.others(self.round)
        if self.waits and all((self.round, peer) in self.came for peer, _ in others):
            heard = [self.came.pop((self.round, peer)) for peer, _ in others]
            terms = [Term(weight, payload, minus=MODEL) for payload, (_, weight) in zip(heard, others)]
            effects.combine(MODEL, Term(1, MODEL), *terms)
            effects.release(*heard)
            effects.update()
            self.round, self.waits = self.round + 1, False
            self.begin(effects) if self.round < self.last else effects.finish()
        elif isinstance(event, Start):
            self.begin(effects)

    def begin(self, effects: Effects) -> None:
        """Sends before the gradient, so that sending hides behind it."""
        for peer in self.setup.receivers(self.round):
            effects.send(MODEL, Metadata(round=self.round), to=peer)
        effects.gradient()


def make_model() -> torch.nn.Module:
    """A small network, the same for all."""
    torch.manual_seed(1)
    return torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))


def loss(model: torch.nn.Module, peer: int, step: int) -> torch.Tensor:
    """The sum of the inputs is to be learned, from batches that peer and step draw."""
    generator = torch.Generator().manual_seed(1000 * peer + step)
    x = torch.randn(16, 8, generator=generator)
    return torch.nn.functional.mse_loss(model(x), x.sum(1, keepdim=True))


def main(peers: int = 100, steps: int = 50) -> None:
    """One process simulates; one of several takes part."""
    if murmur_gossip.ranks() == 1:
        print(murmur_gossip.check(MyDPSGD, worlds=20))
        run = murmur_gossip.simulate(
            make_model, lambda parameters: torch.optim.SGD(parameters, lr=0.05, momentum=0.9), loss, peers=peers,
            steps=steps, algorithm=MyDPSGD, topology="ring", faults=[{"drop": 0.1}], seed=1).require()
        print(f"{run.ending}: {run.digest}")
        return
    model = make_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    with murmur_gossip.Peer(model, optimizer, algorithm=MyDPSGD, topology="ring", steps=steps) as peer:
        for step in range(steps):
            optimizer.zero_grad()
            value = loss(model, murmur_gossip.rank(), step)
            value.backward()
            peer.batch(loss=value)
            optimizer.step()
        print(f"{peer.metrics.messages_sent} messages, loss {peer.metrics.loss:.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
