"""Optimizers whose step calls a closure for loss and gradient, as Lightning's loops have it and LBFGS needs it."""

from __future__ import annotations

import subprocess
from typing import Callable

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch")
import murmur_gossip  # noqa: E402
from scripts import script  # noqa: E402
from small import backward, flat, network  # noqa: E402

pytestmark = pytest.mark.usefixtures("library")

Launch = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.mark.parametrize("algorithm", ["allreduce", "gradient-tracking", "dpsgd"])
def test_a_closure_in_the_step_comes_to_the_same(launch: Launch, algorithm: str) -> None:
    """The gradient that the algorithm has changed is the one that is stepped along, wherever it was computed."""
    result = launch(script(f"""
    ends = []
    for way in ("before", "positional", "keyword"):
        model = network(); optimizer = sgd(model)
        with murmur_gossip.Peer(model, optimizer, algorithm="{algorithm}", topology="complete", steps=9) as peer:
            for step in range(9):
                def closure():
                    optimizer.zero_grad()
                    backward(model, rank, step)
                    peer.batch(loss=step)
                    return torch.tensor(float(step))
                if way == "before":
                    closure()
                answer = (optimizer.step() if way == "before" else optimizer.step(closure) if way == "positional"
                          else optimizer.step(closure=closure))
                assert way == "before" or answer.item() == step
            assert peer.metrics.loss == 4
        ends.append(flat(model))
    assert torch.equal(ends[0], ends[1]) and torch.equal(ends[0], ends[2])
    print("the same", ends[0].double().sum().item())
    """), ranks=3)
    lines = result.stdout.splitlines()
    assert result.returncode == 0 and len(lines) == 3, result.stderr
    if algorithm == "allreduce":
        assert len({line.split("] ")[1] for line in lines}) == 1, result.stdout


def test_an_optimizer_that_asks_often_learns_where_torch_steps_first() -> None:
    def trained(model: torch.nn.Module) -> None:
        for step in range(3):
            def closure() -> torch.Tensor:
                optimizer.zero_grad()
                backward(model, 0, step)
                return torch.tensor(sum(float(p.grad.square().sum()) for p in model.parameters()))

            optimizer.step(closure)

    bare, model = network(), network()
    optimizer = torch.optim.LBFGS(bare.parameters(), max_iter=4)
    trained(bare)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=4)
    with murmur_gossip.Peer(model, optimizer):
        trained(model)
    assert torch.equal(flat(bare), flat(model))


def test_an_optimizer_that_asks_often_is_refused_where_the_gradient_is_changed() -> None:
    model = network()
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=4)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        backward(model, 0, 0)
        return torch.tensor(1.0)

    with pytest.raises(murmur_gossip.InvalidError, match="several times in a step"):
        with murmur_gossip.Peer(model, optimizer, algorithm="allreduce"):
            optimizer.step(closure)
