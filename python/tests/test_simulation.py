"""Torch peers in virtual time, and algorithms in Python there, over the real library."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch")
pytestmark = pytest.mark.usefixtures("library")

import murmur_gossip  # noqa: E402
from own_algorithm import MyDPSGD, loss, make_model  # noqa: E402


def sgd(parameters: Any) -> Any:
    return torch.optim.SGD(parameters, lr=0.05, momentum=0.9)


def simulated(**words: Any) -> Any:
    return murmur_gossip.simulate(make_model, sgd, loss, **{"peers": 8, "steps": 10, "seed": 3, **words})


def test_the_same_seed_is_the_same_run_under_faults() -> None:
    # A step takes 10 ms.
    faults = [
        {"drop": 0.1}, {"partition": [list(range(50))], "at": "50ms", "for": "100ms"}, {"crash": 5, "at": "150ms"}]
    runs = [
        simulated(peers=100, steps=25, algorithm="gosgd", probability=0.3, faults=faults).require() for _ in range(2)]
    assert runs[0].digest == runs[1].digest != simulated(algorithm="gosgd", seed=4).digest
    # The faults came while the peers trained: who crashed has made fewer steps, and all others theirs.
    report = runs[0].report
    steps = [peer["steps"] for peer in report["per_peer"]]
    assert report["crashes"] == 1 and report["dropped"] > 0
    assert 0 < steps.pop(5) < 25 and steps == [25] * 99


def test_one_peer_is_bare_torch_to_the_bit() -> None:
    run = simulated(peers=1, algorithm="dpsgd")
    bare = make_model()
    optimizer = sgd(bare.parameters())
    for step in range(10):
        optimizer.zero_grad()
        loss(bare, 0, step).backward()
        optimizer.step()
    for ours, theirs in zip(run.models[0].parameters(), bare.parameters()):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("algorithm", ["dpsgd", "allreduce", "gradient-tracking", "qg-dsgdm", "fedavg"])
def test_both_ways_and_a_server(algorithm: str) -> None:
    words = {} if algorithm in ("allreduce", "fedavg") else {"topology": "ring"}
    plain = murmur_gossip.simulate(
        make_model, lambda parameters: torch.optim.SGD(parameters, lr=0.02), loss, peers=4, steps=10,
        algorithm=algorithm, **words)
    assert plain.ending == "completed" and plain.violations == []
    begin = loss(make_model(), 9, 9).item()
    end = make_model()
    end.load_state_dict(plain.consensus)
    assert loss(end, 9, 9).item() < begin


def test_the_example_equals_the_librarys_own_to_the_bit() -> None:
    own = simulated(algorithm=MyDPSGD, topology="ring").require()
    built_in = simulated(algorithm="dpsgd", topology="ring").require()
    for ours, theirs in zip(own.models, built_in.models):
        for first, second in zip(ours.parameters(), theirs.parameters()):
            assert torch.equal(first, second)


def test_the_battery_holds_for_the_example() -> None:
    assert murmur_gossip.check(MyDPSGD, worlds=10).worlds == 10


def test_the_battery_finds_a_planted_mistake() -> None:
    class Forgetful(MyDPSGD):
        """Releases nothing."""

        def handle(self, event: Any, effects: Any) -> None:
            effects.release = lambda *payloads: None
            super().handle(event, effects)

    with pytest.raises(murmur_gossip.ViolationError, match="in the world of seed"):
        murmur_gossip.check(Forgetful, worlds=10)


def test_what_the_callers_functions_raise_comes_out_as_it_is() -> None:
    def broken(model: Any, peer: int, step: int) -> Any:
        raise ZeroDivisionError(f"peer {peer}")

    with pytest.raises(ZeroDivisionError, match="peer"):
        murmur_gossip.simulate(make_model, sgd, broken, peers=2, steps=2)

    class Broken(MyDPSGD):
        """Raises."""

        def handle(self, event: Any, effects: Any) -> None:
            raise ZeroDivisionError

    with pytest.raises((ZeroDivisionError, murmur_gossip.GossipError)):
        simulated(algorithm=Broken, topology="ring").require()


@pytest.mark.parametrize("words, sentence", [
    ({"peers": 0}, "peers=0 is no number of peers"),
    ({"steps": 0}, "steps=0 is no number of steps"),
    ({"algorithm": "dpgsd"}, "did you mean 'dpsgd'"),
    ({"algorithm": "best-peer"}, "chooses by scores"),
    ({"algorithm": "dpsgd", "compression": "int9"}, "did you mean 'int8'"),
    ({"algorithm": "gosgd", "compression": "int8"}, "choose an algorithm that bears compressed messages"),
])
def test_wrong_arguments_get_a_sentence(words: Any, sentence: str) -> None:
    with pytest.raises(murmur_gossip.InvalidError, match=sentence):
        simulated(**words)


def test_a_model_that_is_made_once_is_refused() -> None:
    model = make_model()
    with pytest.raises(murmur_gossip.InvalidError, match="the same model twice"):
        murmur_gossip.simulate(lambda: model, sgd, loss, peers=2, steps=1)
