"""The handle over the real library without torch: a quadratic in memory of ctypes, both ways, its state, its errors."""

from __future__ import annotations

import ctypes
from typing import Any, List, Tuple

import pytest

import murmur_gossip
from murmur_gossip._core import native
from murmur_gossip._core.catalogue import checked_traits
from murmur_gossip._core.handle import PeerHandle, Settings, TensorPlace, pointer_array

pytestmark = pytest.mark.usefixtures("library")


class Quadratic:
    """Two tensors whose gradient is themselves; plain steps of rate 0.1."""

    def __init__(self) -> None:
        self.weight = (ctypes.c_float * 6)(*range(1, 7))
        self.bias = (ctypes.c_float * 2)(-1, 1)
        self.gradients = [(ctypes.c_float * 6)(), (ctypes.c_float * 2)()]

    def places(self) -> List[TensorPlace]:
        return [
            TensorPlace("weight", ctypes.addressof(self.weight), (2, 3)),
            TensorPlace("bias", ctypes.addressof(self.bias), (2,))]

    def compute(self) -> Any:
        for gradient, tensor in zip(self.gradients, (self.weight, self.bias)):
            gradient[:] = tensor[:]
        return pointer_array([ctypes.addressof(gradient) for gradient in self.gradients])

    def step(self) -> None:
        for gradient, tensor in zip(self.gradients, (self.weight, self.bias)):
            for index, value in enumerate(gradient):
                tensor[index] -= 0.1 * value

    def numbers(self) -> List[float]:
        return [*self.weight, *self.bias]


def opened(algorithm: str = "gosgd", **words: Any) -> Tuple[PeerHandle, Quadratic]:
    model = Quadratic()
    handle = PeerHandle(Settings(algorithm=algorithm, seed=1, **words), model.places())
    assert handle.wait()
    return handle, model


def driven(algorithm: str, steps: int) -> Quadratic:
    reads_gradient = bool(checked_traits(algorithm, {}).reads_gradient)
    handle, model = opened(algorithm, steps=steps)
    try:
        for step in range(steps):
            gradients = model.compute()
            if not reads_gradient:
                model.step()
                alive = handle.step(1.0, 1, 0.1)
            else:
                alive = handle.gradient(gradients, 1.0, 1, 0.1)
                while alive and handle.command.action == native.ACTION_STEP:
                    model.step()
                    alive = handle.done()
            assert alive == (step < steps - 1)
        assert handle.metrics()["steps"] == steps
        handle.finish()
    finally:
        handle.close()
    return model


@pytest.mark.parametrize("algorithm", [
    "gosgd", "dpsgd", "sgp", "choco", "slowmo", "allreduce", "gradient-tracking"])
def test_a_peer_alone_goes_its_own_way(algorithm: str) -> None:
    bare = Quadratic()
    for _ in range(5):
        bare.compute()
        bare.step()
    assert driven(algorithm, 5).numbers() == pytest.approx(bare.numbers(), abs=1e-5)


def test_directions_are_steps_from_elsewhere() -> None:
    # It has a momentum of its own, which begins in the second step.
    model, bare = driven("qg-dsgdm", 1), Quadratic()
    bare.compute()
    bare.step()
    assert model.numbers() == pytest.approx(bare.numbers(), abs=1e-5)
    assert max(abs(value) for value in driven("qg-dsgdm", 5).numbers()) < 6


def test_every_algorithm_is_there_with_its_traits() -> None:
    names = [entry.name for entry in murmur_gossip.algorithms()]
    assert {"gosgd", "dpsgd", "allreduce"} <= set(names)
    assert [name for name in ("gosgd", "allreduce") if checked_traits(name, {}).reads_gradient] == ["allreduce"]
    assert checked_traits("fedavg", {}).servers == 1


def test_the_average_of_one_is_its_own_model() -> None:
    handle, model = opened()
    average = (ctypes.c_float * 8)()
    handle.consensus(ctypes.addressof(average), 8)
    assert list(average) == model.numbers()
    handle.close()


def test_a_state_is_gone_on_from() -> None:
    handle, model = opened("dpsgd", steps=4)
    for _ in range(2):
        model.compute()
        model.step()
        handle.step(1.0, 1, 0.1)
    state, stood = handle.save(), model.numbers()
    handle.close()
    other, there = opened("dpsgd", steps=4)
    assert other.restore(state)
    assert there.numbers() == stood
    assert other.metrics()["steps"] == 2
    with pytest.raises(murmur_gossip.StateError):
        other.restore(b"nonsense")
    other.close()


def test_memory_that_moves_is_followed() -> None:
    handle, model = opened()
    weight = (ctypes.c_float * 6)(*model.weight)
    model.weight = weight
    handle.move([place.address for place in model.places()])
    model.compute()
    model.step()
    assert handle.step(1.0, 1, 0.1)
    handle.close()


def test_a_closed_handle_is_refused_and_closes_again() -> None:
    handle, _ = opened()
    handle.close()
    handle.close()
    with pytest.raises(murmur_gossip.ClosedError):
        handle.step(1.0, 1, 0.1)


@pytest.mark.parametrize("words, sentence", [
    ({"algorithm": "gosdg"}, "gosgd"),
    ({"algorithm": "gosgd", "algorithm_options": {"probabilty": 1}}, "probability"),
    ({"algorithm": "gosgd", "algorithm_options": {"probability": 7}}, "probability"),
    ({"algorithm": "gosgd", "topology": "rnig"}, "ring"),
    ({"algorithm": "gosgd", "transport": "carrier-pigeon"}, "carrier-pigeon"),
])
def test_what_cannot_be_is_refused_with_a_sentence(words: Any, sentence: str) -> None:
    with pytest.raises(murmur_gossip.GossipError, match=sentence):
        handle = PeerHandle(Settings(**words), Quadratic().places())
        try:
            handle.wait()
        finally:
            handle.close()


def test_a_second_peer_on_the_same_memory_is_refused() -> None:
    handle, model = opened()
    with pytest.raises(murmur_gossip.InvalidError):
        PeerHandle(Settings(algorithm="gosgd"), model.places())
    handle.close()
