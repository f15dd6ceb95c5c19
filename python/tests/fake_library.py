"""A library in Python in the place of the real one: one peer that is alone, or does what a test tells it.

It takes what ctypes would hand to C, so that everything above the C interface runs as it is.
"""

from __future__ import annotations

import ctypes
import json
from typing import Any, Callable, List, Optional

from murmur_gossip._core import native

Hook = Callable[["FakeLibrary"], None]


class FakeLibrary:
    """What a test may set: how often a call waits, what happens in a step, which commands a gradient brings."""

    def __init__(self) -> None:
        self.calls: List[str] = []
        self.waits = 0
        self.reads_gradient = False
        self.needs_scores = False
        self.mix: Optional[Hook] = None
        self.actions: List[int] = [native.ACTION_STEP]
        self.prepare: Optional[Hook] = None
        self.tensors: List[List[float]] = []
        self.error = b""
        self.status_of: dict[str, int] = {}
        self.batches: List[Any] = []
        self.scores: List[float] = []
        self.steps_made = 0
        self.is_closed = False
        self._steps = 0
        self._addresses: List[int] = []
        self._counts: List[int] = []
        self.gradients: List[Any] = []
        self._left = 0
        self._result = 0
        self._pending: List[int] = []
        self._wrote = [0, 0]
        self.resets = False
        """Whether the optimizer is to forget what it remembers when a call next comes to its end."""
        self.settings: Any = None

    # The memory of the peer.

    def numbers(self, index: int) -> Any:
        """The float32 numbers of a tensor, to be read and written."""
        return (ctypes.c_float * self._counts[index]).from_address(self._addresses[index])

    def write(self, index: int, values: List[float]) -> None:
        """Writes a tensor, as a mix does."""
        self.numbers(index)[:] = values
        self._wrote[0] = 1

    def write_gradient(self, index: int, values: List[float]) -> None:
        """Writes a gradient, as an average does."""
        (ctypes.c_float * self._counts[index]).from_address(self.gradients[index])[:] = values
        self._wrote[1] = 1

    # What the interface has.

    def murmur_last_error(self) -> bytes:
        return self.error

    def murmur_algorithms(self, text: Any, room: int, length: Any) -> int:
        listed = json.dumps([
            {"name": "gosgd", "summary": "", "options": [{"name": "probability", "default": 0.1, "meaning": ""}]},
            {"name": "dpsgd", "summary": "", "options": []}]).encode()
        length._obj.value = len(listed)
        if room > len(listed):
            text.value = listed
        return 0

    def murmur_algorithm_traits(self, algorithm: bytes, options: Any, traits: Any) -> int:
        traits._obj.reads_gradient = self.reads_gradient
        traits._obj.needs_scores = self.needs_scores
        return 0

    def murmur_peer_open(self, settings: Any, peer: Any) -> int:
        self.settings = settings._obj
        tensors = self.settings.tensors[: self.settings.tensor_count]
        self._addresses = [tensor.data for tensor in tensors]
        self._counts = []
        for tensor in tensors:
            count = 1
            for extent in tensor.shape[: tensor.dimensions]:
                count *= extent
            self._counts.append(count)
        self.names = [tensor.name.decode() for tensor in tensors]
        self.shapes = [tuple(tensor.shape[: tensor.dimensions]) for tensor in tensors]
        self._steps = self.settings.steps
        peer._obj.value = 1
        return self._answer("open", 0)

    def murmur_peer_wait(self, peer: Any, command: Any) -> int:
        if self._left > 0:
            self._left -= 1
            return native.WAITING
        return self._tell(command)

    def murmur_peer_stepping(self, peer: Any) -> int:
        assert self.settings.announces_steps
        return 0

    def murmur_peer_step(self, peer: Any, batch: Any, command: Any) -> int:
        self._note(batch)
        if self.mix is not None:
            self.mix(self)
        self._pending = []
        return self._answer("step", self._end_step(), command)

    def murmur_peer_gradient(self, peer: Any, batch: Any, gradients: Any, command: Any) -> int:
        self._note(batch)
        self.gradients = list(gradients)
        if self.prepare is not None:
            self.prepare(self)
        self._pending = list(self.actions)
        return self._answer("gradient", 0 if self._pending else self._end_step(), command)

    def murmur_peer_done(self, peer: Any, score: float, command: Any) -> int:
        action = self._pending.pop(0)
        if action == native.ACTION_SCORE:
            self.scores.append(score)
        if not self._pending and self.mix is not None:
            self.mix(self)
        return self._answer("done", 0 if self._pending else self._end_step(), command)

    def murmur_peer_move(self, peer: Any, data: Any) -> int:
        self._addresses = list(data)
        return self._answer("move", 0)

    def murmur_peer_adopt(self, peer: Any) -> int:
        return self._answer("adopt", 0)

    def murmur_peer_finish(self, peer: Any, command: Any) -> int:
        return self._answer("finish", native.FINISHED, command)

    def murmur_peer_close(self, peer: Any) -> int:
        self.is_closed = True
        self.calls.append("close")
        return 0

    def murmur_peer_consensus(self, peer: Any, into: Any, count: int) -> int:
        numbers = [value for index in range(len(self._counts)) for value in self.numbers(index)]
        assert count == len(numbers)
        (ctypes.c_float * count).from_address(into.value)[:] = numbers
        return self._answer("consensus", 0)

    def murmur_peer_save(self, peer: Any, count: Any) -> int:
        count._obj.value = 3
        return self._answer("save", 0)

    def murmur_peer_take_state(self, peer: Any, into: Any, count: int) -> int:
        into[0:3] = b"abc"
        return 0

    def murmur_peer_restore(self, peer: Any, state: bytes, count: int, command: Any) -> int:
        assert state == b"abc" and count == 3
        return self._answer("restore", 0, command)

    def murmur_peer_metrics_now(self, peer: Any, metrics: Any) -> int:
        metrics._obj.ranks = 1
        metrics._obj.ranks_here = 1
        metrics._obj.steps = self.steps_made
        return 0

    def _note(self, batch: Any) -> None:
        self.batches.append((batch._obj.loss, batch._obj.samples, batch._obj.learning_rate))

    def _end_step(self) -> int:
        self.steps_made += 1
        return native.FINISHED if self.steps_made == self._steps else 0

    def _answer(self, call: str, result: int, command: Any = None) -> int:
        self.calls.append(call)
        self._result = self.status_of.get(call, result)
        self._left = self.waits
        return native.WAITING if self.waits else self._tell(command)

    def _tell(self, command: Any) -> int:
        if command is not None:
            command._obj.action = self._pending[0] if self._pending else native.ACTION_NONE
            command._obj.wrote_parameters, command._obj.wrote_gradients = self._wrote
            self._wrote = [0, 0]
            command._obj.resets_optimizer, self.resets = self.resets, False
        return self._result
