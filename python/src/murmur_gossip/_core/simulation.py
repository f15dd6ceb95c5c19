"""The C interface of simulations (murmur_simulation.h), with Python's types."""

from __future__ import annotations

import ctypes
import json
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_double, c_int32, c_uint32, c_uint64, c_void_p
from typing import Any, Dict, Mapping, Optional, Type

from . import native

GRADIENT = CFUNCTYPE(c_int32, c_void_p, c_uint32, c_void_p, POINTER(native.Batch))
STEP = CFUNCTYPE(c_int32, c_void_p, c_uint32, c_void_p)
RESET = CFUNCTYPE(c_int32, c_void_p, c_uint32)
SCORE = CFUNCTYPE(c_int32, c_void_p, c_uint32, c_uint32, POINTER(c_double))
SAVE = CFUNCTYPE(c_int32, c_void_p, c_uint32, POINTER(c_void_p), POINTER(c_uint64))
RESTORE = CFUNCTYPE(c_int32, c_void_p, c_uint32, c_void_p, c_uint64)


class LearningStruct(ctypes.Structure):
    """``murmur_learning``."""

    _fields_ = [
        ("size", c_uint32),
        ("reserved", c_uint32),
        ("context", c_void_p),
        ("gradient", GRADIENT),
        ("step", STEP),
        ("reset", RESET),
        ("score", SCORE),
        ("save", SAVE),
        ("restore", RESTORE),
    ]


class SettingsStruct(ctypes.Structure):
    """``murmur_simulation_settings``."""

    _fields_ = [
        ("size", c_uint32),
        ("peers", c_uint32),
        ("steps", c_uint64),
        ("samples", c_uint64),
        ("steps_per_epoch", c_uint64),
        ("seed", c_uint64),
        ("algorithm", c_char_p),
        ("algorithm_options", c_char_p),
        ("topology", c_char_p),
        ("topology_options", c_char_p),
        ("compression", c_char_p),
        ("compression_options", c_char_p),
        ("network", c_char_p),
        ("faults", c_char_p),
        ("stragglers", c_char_p),
        ("optimizer_has_momentum", c_uint32),
        ("keeps_own_start", c_uint32),
    ]


class ProgressStruct(ctypes.Structure):
    """``murmur_simulation_progress``."""

    _fields_ = [
        ("size", c_uint32),
        ("is_over", c_uint32),
        ("steps", c_uint64),
        ("steps_total", c_uint64),
        ("virtual_seconds", c_double),
        ("loss", c_double),
    ]


_FUNCTIONS: Dict[str, Any] = {
    "murmur_simulation_open": [POINTER(SettingsStruct), POINTER(LearningStruct), POINTER(c_void_p)],
    "murmur_simulation_add": [c_void_p, POINTER(native.Tensor), c_uint64],
    "murmur_simulation_run": [c_void_p, c_uint64],
    "murmur_simulation_progress_now": [c_void_p, POINTER(ProgressStruct)],
    "murmur_simulation_report": [c_void_p, c_char_p, c_uint64, POINTER(c_uint64)],
    "murmur_simulation_model": [c_void_p, c_uint32, c_void_p, c_uint64],
    "murmur_simulation_consensus": [c_void_p, c_void_p, c_uint64],
    "murmur_simulation_put_models": [c_void_p],
    "murmur_simulation_close": [c_void_p],
}


def json_bytes(value: Any) -> Optional[bytes]:
    """A value as JSON; NULL for an empty one."""
    return json.dumps(value).encode() if value else None


class Simulation:
    """A simulation that is open within a ``with``; it belongs to the thread that made it."""

    def __init__(self, settings: Mapping[str, Any], functions: LearningStruct) -> None:
        """Opens it; the functions stay until it is closed."""
        self._library = native.library()
        native.declare(self._library, _FUNCTIONS)
        self._functions = functions
        self._handle = c_void_p()
        struct = SettingsStruct(size=ctypes.sizeof(SettingsStruct), **settings)
        native.check(self._library.murmur_simulation_open(
            ctypes.byref(struct), ctypes.byref(functions), ctypes.byref(self._handle)))

    def __enter__(self) -> Simulation:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Any) -> None:
        self._library.murmur_simulation_close(self._handle)

    def add(self, tensors: Any, count: int) -> None:
        """Adds the next learner."""
        native.check(self._library.murmur_simulation_add(self._handle, tensors, count))

    def run(self, events: int) -> bool:
        """Handles so many events; whether more are to come."""
        return native.check(self._library.murmur_simulation_run(self._handle, events)) == native.WAITING

    def progress(self) -> Dict[str, Any]:
        """How far it is, by the names of ``Progress``."""
        struct = ProgressStruct(size=ctypes.sizeof(ProgressStruct))
        native.check(self._library.murmur_simulation_progress_now(self._handle, ctypes.byref(struct)))
        return {name: getattr(struct, name) for name in ("steps", "steps_total", "virtual_seconds", "loss")}

    def report(self) -> Dict[str, Any]:
        """All that it has come to."""
        report: Dict[str, Any] = native.read_json(self._library.murmur_simulation_report, self._handle)
        return report

    def put_models(self) -> None:
        """Puts each learner's model into its tensors."""
        native.check(self._library.murmur_simulation_put_models(self._handle))

    def consensus(self, address: int, count: int) -> None:
        """Puts the average of all learners' models at an address with room for `count` float32."""
        native.check(self._library.murmur_simulation_consensus(self._handle, c_void_p(address), count))
