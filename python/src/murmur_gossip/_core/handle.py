"""One peer of the library: the functions of murmur.h that take its handle, with Python's types; waiting by slices."""

from __future__ import annotations

import ctypes
import json
import math
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from . import native


@dataclass(frozen=True)
class TensorPlace:
    """Where the float32 numbers of one tensor lie: row-major, without gaps, for as long as the peer is open."""

    name: str
    address: int
    shape: Tuple[int, ...]

    @property
    def count(self) -> int:
        """Numbers in it."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Settings:
    """What a peer is to do; None, 0 and False are the library's defaults (``murmur_peer_settings``)."""

    algorithm: str
    algorithm_options: Mapping[str, Any] = field(default_factory=dict)
    topology: Optional[str] = None
    topology_options: Mapping[str, Any] = field(default_factory=dict)
    compression: Optional[str] = None
    compression_options: Mapping[str, Any] = field(default_factory=dict)
    transport: Optional[str] = None
    transport_options: Mapping[str, Any] = field(default_factory=dict)
    steps: int = 0
    samples: int = 0
    steps_per_epoch: int = 0
    seed: int = 0
    optimizer_has_momentum: bool = False
    keeps_own_start: bool = False
    announces_steps: bool = False
    is_server: bool = False


def options_text(options: Mapping[str, Any]) -> Optional[bytes]:
    """Options as a JSON object; NULL where there are none."""
    return json.dumps(dict(options)).encode() if options else None


def tensor_array(places: Sequence[TensorPlace]) -> Any:
    """The tensors as C takes them; what it points to lives as long as the array."""
    array = (native.Tensor * max(len(places), 1))()
    for tensor, place in zip(array, places):
        shape = (ctypes.c_int64 * max(len(place.shape), 1))(*place.shape)
        tensor.name = place.name.encode()
        tensor.data = place.address
        tensor.shape = ctypes.cast(shape, ctypes.POINTER(ctypes.c_int64))
        tensor.dimensions = len(place.shape)
    return array


def pointer_array(addresses: Sequence[int]) -> Any:
    """Addresses as C takes them; 0 is NULL."""
    return (ctypes.c_void_p * max(len(addresses), 1))(*addresses)


def _settings_struct(settings: Settings, tensors: Any, count: int) -> native.PeerSettings:
    text = native.text
    return native.PeerSettings(
        size=ctypes.sizeof(native.PeerSettings),
        is_server=settings.is_server,
        algorithm=text(settings.algorithm),
        algorithm_options=options_text(settings.algorithm_options),
        topology=text(settings.topology),
        topology_options=options_text(settings.topology_options),
        compression=text(settings.compression),
        compression_options=options_text(settings.compression_options),
        transport=text(settings.transport),
        transport_options=options_text(settings.transport_options),
        tensors=ctypes.cast(tensors, ctypes.POINTER(native.Tensor)) if count else None,
        tensor_count=count,
        steps=settings.steps,
        samples=settings.samples,
        steps_per_epoch=settings.steps_per_epoch,
        seed=settings.seed,
        optimizer_has_momentum=settings.optimizer_has_momentum,
        keeps_own_start=settings.keeps_own_start,
        announces_steps=settings.announces_steps,
    )


class PeerHandle:
    """A peer that was opened.

    Calls that wait come back to Python ten times a second, so that it hears Ctrl-C; where that raises, `is_waiting`
    stays true and :meth:`wait` goes on. All but :meth:`metrics` and :meth:`close` are for the thread that opened it.
    """

    def __init__(self, settings: Settings, places: Sequence[TensorPlace]) -> None:
        """Opens the peer; :meth:`wait` then returns when the first gradient is wanted."""
        self._library = native.library()
        self._count = sum(place.count for place in places)
        self.command = native.Command()
        """What the last call wants."""
        self._command = ctypes.byref(self.command)
        self.batch = native.Batch()
        """What the last step was told with."""
        self._batch_address = ctypes.byref(self.batch)
        self.is_waiting = False
        """Whether a call was left before it had come to its end."""
        handle = ctypes.c_void_p()
        struct = _settings_struct(settings, tensor_array(places), len(places))
        native.check(self._library.murmur_peer_open(ctypes.byref(struct), ctypes.byref(handle)))
        self._handle = handle
        self.is_waiting = True

    def wait(self) -> bool:
        """Goes on with what was waited for; whether the peer takes further steps."""
        self.is_waiting = True
        return self._finish_call(native.WAITING)

    def stepping(self) -> None:
        """Tells that the optimizer is about to step, where the settings say that this is told."""
        native.check(self._library.murmur_peer_stepping(self._handle))

    def step(self, loss: float, samples: int, learning_rate: float) -> bool:
        """Tells that the optimizer has stepped, and waits for the next gradient's turn; whether there is one."""
        self._set_batch(loss, samples, learning_rate)
        self.is_waiting = True
        return self._finish_call(self._library.murmur_peer_step(self._handle, self._batch_address, self._command))

    def gradient(self, gradients: Any, loss: float, samples: int, learning_rate: float) -> bool:
        """Tells the gradients, before the optimizer steps, and waits for the first command; whether there is a step."""
        self._set_batch(loss, samples, learning_rate)
        self.is_waiting = True
        return self._finish_call(
            self._library.murmur_peer_gradient(self._handle, self._batch_address, gradients, self._command))

    def done(self, score: float = 0.0) -> bool:
        """Tells that the command was carried out, and waits for the next; whether the peer takes further steps."""
        self.is_waiting = True
        return self._finish_call(self._library.murmur_peer_done(self._handle, score, self._command))

    def finish(self) -> None:
        """Makes no further step and answers the others until all are done or gone."""
        self.is_waiting = True
        self._finish_call(self._library.murmur_peer_finish(self._handle, self._command))

    def move(self, addresses: Sequence[int]) -> None:
        """The tensors lie elsewhere now, with the numbers that they had."""
        native.check(self._library.murmur_peer_move(self._handle, pointer_array(addresses)))

    def adopt(self) -> None:
        """The peer belongs to the calling thread from now on."""
        native.check(self._library.murmur_peer_adopt(self._handle))

    def consensus(self, address: int, count: int) -> None:
        """Puts the exact average of all learners' models at an address, which must have room for `count` float32."""
        self.is_waiting = True
        self._finish_call(self._library.murmur_peer_consensus(self._handle, ctypes.c_void_p(address), count))

    def save(self) -> bytes:
        """The state of algorithm, session and vectors; all processes must ask for it."""
        count = ctypes.c_uint64()
        self.is_waiting = True
        self._finish_call(self._library.murmur_peer_save(self._handle, ctypes.byref(count)))
        buffer = (ctypes.c_uint8 * max(count.value, 1))()
        native.check(self._library.murmur_peer_take_state(self._handle, buffer, count.value))
        return bytes(buffer[: count.value])

    def restore(self, state: bytes) -> bool:
        """Goes on from a state; all processes must do so. Whether the peer takes further steps."""
        self.is_waiting = True
        return self._finish_call(
            self._library.murmur_peer_restore(self._handle, state, len(state), self._command))

    def metrics(self) -> Dict[str, float]:
        """What the peer has done so far, under the names of ``murmur_peer_metrics``; any thread."""
        metrics = native.PeerMetrics(size=ctypes.sizeof(native.PeerMetrics))
        native.check(self._library.murmur_peer_metrics_now(self._handle, ctypes.byref(metrics)))
        return {name: getattr(metrics, name) for name, *_ in metrics._fields_ if name != "size"}

    def close(self) -> None:
        """Closes the peer at once; any thread, and as often as one likes."""
        native.check(self._library.murmur_peer_close(self._handle))

    def _set_batch(self, loss: float, samples: int, learning_rate: float) -> None:
        self.batch.loss = loss
        self.batch.samples = samples
        self.batch.learning_rate = learning_rate

    def _finish_call(self, status: int) -> bool:
        # The library keeps nobody for longer than a tenth of a second; between two calls Python looks after signals.
        while status == native.WAITING:
            status = self._library.murmur_peer_wait(self._handle, self._command)
        self.is_waiting = False
        return native.check(status) != native.FINISHED


def algorithm_traits(algorithm: str, options: Mapping[str, Any]) -> native.Traits:
    """What is known of an algorithm with these options; :class:`InvalidError` where there is none of that name."""
    traits = native.Traits(size=ctypes.sizeof(native.Traits))
    native.check(
        native.library().murmur_algorithm_traits(
            algorithm.encode(), options_text(options), ctypes.byref(traits)))
    return traits
