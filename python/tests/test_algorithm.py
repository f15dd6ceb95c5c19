"""Algorithms in Python: called by hand, their names and options, their state as bytes."""

from __future__ import annotations

from typing import Any, List

import pytest

from murmur_gossip import (
    MODEL, Algorithm, Effects, GradientReady, InvalidError, Invariant, Metadata, PeerLeft, Received, Setup, Start,
    StateError, Stop, Term, Vector)
from murmur_gossip._core.state import copied, of_bytes, to_bytes
from murmur_gossip.algorithm import check_options, name_of, options_of

pytest.importorskip("torch", reason="the example's file imports torch")
from own_algorithm import MyDPSGD  # noqa: E402


def ring(me: int, peers: int, steps: int) -> Setup:
    def neighbours(peer: int, round: int) -> List[int]:
        return sorted({(peer - 1) % peers, (peer + 1) % peers})

    def row(peer: int, round: int) -> Any:
        return [(other, 1 / 3) for other in sorted({peer, *neighbours(peer, round)})]

    return Setup(me, peers, steps=steps, row=row, receivers=neighbours)


def handled(algorithm: Algorithm, event: Any) -> List[Any]:
    effects = Effects()
    algorithm.handle(event, effects)
    return effects.list


def test_the_example_makes_a_round() -> None:
    algorithm = MyDPSGD(ring(1, 4, steps=1))
    begun = handled(algorithm, Start())
    assert [(effect.kind, effect.peer) for effect in begun] == [("send", 0), ("send", 2), ("gradient", 0)]
    first, second = Vector(3, id=11), Vector(3, id=12)
    assert [effect.kind for effect in handled(algorithm, Received(second, Metadata(round=0), 2))] == ["keep"]
    assert handled(algorithm, GradientReady(1.0, 0.1, 32)) == []
    mixed = handled(algorithm, Received(first, Metadata(round=0), 0))
    assert [effect.kind for effect in mixed] == ["keep", "combine", "release", "release", "update", "finish"]
    assert mixed[1].terms == (Term(1, MODEL), Term(1 / 3, first, minus=MODEL), Term(1 / 3, second, minus=MODEL))
    assert handled(algorithm, PeerLeft(0)) == []


def test_what_comes_a_round_early_waits_and_a_stop_ends() -> None:
    algorithm = MyDPSGD(ring(0, 2, steps=5))
    handled(algorithm, Start())
    handled(algorithm, Received(Vector(3, id=2), Metadata(round=1), 1))
    assert handled(algorithm, GradientReady(1.0, 0.1, 32)) == []
    kinds = [effect.kind for effect in handled(algorithm, Received(Vector(3, id=1), Metadata(round=0), 1))]
    assert kinds[-2:] == ["send", "gradient"]
    handled(algorithm, Stop(2))
    assert handled(algorithm, GradientReady(1.0, 0.1, 32))[-1].kind == "finish"


def test_a_death_is_told_with_its_reason() -> None:
    algorithm = MyDPSGD(ring(0, 4, steps=5))
    (effect,) = handled(algorithm, PeerLeft(1))
    assert effect.kind == "abandon" and "peer 1 is gone" in effect.reason


def test_the_state_goes_through_bytes_and_is_the_same_twice() -> None:
    algorithm = MyDPSGD(ring(0, 4, steps=5))
    handled(algorithm, Received(Vector(3, id=2), Metadata(round=1), 1))
    state = {name: value for name, value in vars(algorithm).items() if name != "setup"}
    data = to_bytes(state)
    assert of_bytes(data) == state
    assert to_bytes(of_bytes(data)) == data
    assert to_bytes({"a": {3, 1, 2}}) == to_bytes({"a": {2, 3, 1}})


@pytest.mark.parametrize("value", [
    None, True, 1, 2**63, -0.5, float("inf"), "ä", b"\x00\xff", [1, [2]], (1, "2"), {1, 2}, frozenset({"a"}),
    {(1, 2): [3]}, {}, set(), Vector(3, 0, 7), Metadata(1, 0.5, 2), Term(0.5, MODEL, minus=Vector(2, 1))])
def test_every_plain_value_comes_back(value: Any) -> None:
    back = of_bytes(to_bytes({"value": value}))["value"]
    assert back == value and type(back) is type(value)
    assert copied(value) == value


def test_what_is_not_plain_is_named() -> None:
    with pytest.raises(InvalidError, match="clock is of object, which is no plain state"):
        to_bytes({"clock": object()})
    with pytest.raises(StateError):
        of_bytes(b'{"a": ["x", 1]}')
    with pytest.raises(StateError):
        of_bytes(b"\xff")


def test_a_copy_shares_nothing_that_changes() -> None:
    inner = {"a": [1, {2}]}
    other = copied(inner)
    inner["a"][1].add(3)
    assert other == {"a": [1, {2}]}


def test_names_and_options_follow_from_the_class() -> None:
    class WithOptions(Algorithm):
        def __init__(self, setup: Setup, probability: float = 0.1) -> None:
            super().__init__(setup)

    assert name_of(WithOptions) == "with-options"
    assert name_of(MyDPSGD) == "my-dpsgd"
    assert options_of(WithOptions) == {"probability": 0.1}
    with pytest.raises(InvalidError, match="did you mean 'probability'"):
        check_options(WithOptions, {"probabilty": 1})


def test_a_plain_algorithm_stands_as_the_library_begins() -> None:
    algorithm = Algorithm(Setup())
    assert algorithm.evaluated == Term(1, MODEL)
    assert algorithm.invariants == [] and algorithm.steps_missed == 0 and not algorithm.awaits_next_step
    assert Invariant("mass", 1, 0.5).tolerance == 1e-12
