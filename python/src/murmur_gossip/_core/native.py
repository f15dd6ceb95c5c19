"""The C interface of the library (murmur.h), as ctypes sees it: structures, functions and how the file is found.

Nothing here knows torch. The library is opened when it is first needed, so that what does without it, such as the
launcher, can be imported where it is missing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import sys
from ctypes import POINTER, c_char_p, c_double, c_float, c_int32, c_int64, c_uint8, c_uint32, c_uint64, c_void_p
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from ..errors import BY_STATUS, GossipError, LibraryError

INTERFACE_VERSION = 1
WAITING, FINISHED, FIRST_ERROR = 1, 2, 16
ACTION_NONE, ACTION_STEP, ACTION_SCORE = 0, 1, 2

_FILE = "libmurmur_bridge.so"
_VARIABLE = "MURMUR_BRIDGE"


class Traits(ctypes.Structure):
    """What is known of an algorithm before a peer is opened (``murmur_traits``)."""

    _fields_ = [
        ("size", c_uint32),
        ("reads_gradient", c_uint32),
        ("needs_scores", c_uint32),
        ("servers", c_uint32),
        ("is_lock_step", c_uint32),
        ("brings_momentum", c_uint32),
        ("is_open", c_uint32),
        ("needs_compression", c_uint32),
    ]


class Tensor(ctypes.Structure):
    """One tensor of the model (``murmur_tensor``)."""

    _fields_ = [
        ("name", c_char_p),
        ("data", c_void_p),
        ("shape", POINTER(c_int64)),
        ("dimensions", c_uint32),
    ]


class PeerSettings(ctypes.Structure):
    """What a peer is to do (``murmur_peer_settings``); zero stands for the default."""

    _fields_ = [
        ("size", c_uint32),
        ("is_server", c_uint32),
        ("algorithm", c_char_p),
        ("algorithm_options", c_char_p),
        ("topology", c_char_p),
        ("topology_options", c_char_p),
        ("compression", c_char_p),
        ("compression_options", c_char_p),
        ("transport", c_char_p),
        ("transport_options", c_char_p),
        ("tensors", POINTER(Tensor)),
        ("tensor_count", c_uint64),
        ("steps", c_uint64),
        ("samples", c_uint64),
        ("steps_per_epoch", c_uint64),
        ("seed", c_uint64),
        ("optimizer_has_momentum", c_uint32),
        ("keeps_own_start", c_uint32),
        ("announces_steps", c_uint32),
        ("reserved", c_uint32),
    ]


class Command(ctypes.Structure):
    """What the caller is to do now (``murmur_command``)."""

    _fields_ = [
        ("action", c_int32),
        ("scores_loss", c_uint32),
        ("wrote_parameters", c_uint32),
        ("wrote_gradients", c_uint32),
        ("resets_optimizer", c_uint32),
    ]


class Batch(ctypes.Structure):
    """What a batch came to (``murmur_batch``)."""

    _fields_ = [("loss", c_float), ("samples", c_uint32), ("learning_rate", c_float), ("reserved", c_uint32)]


class PeerMetrics(ctypes.Structure):
    """What a peer has done so far (``murmur_peer_metrics``)."""

    _fields_ = [
        ("size", c_uint32),
        ("rank", c_uint32),
        ("ranks", c_uint32),
        ("ranks_here", c_uint32),
        ("steps", c_uint64),
        ("samples", c_uint64),
        ("messages_sent", c_uint64),
        ("messages_received", c_uint64),
        ("bytes_sent", c_uint64),
        ("loss", c_double),
        ("seconds", c_double),
        ("waiting_seconds", c_double),
        ("copies_in", c_uint64),
        ("copies_out", c_uint64),
    ]


_FUNCTIONS: Dict[str, List[Any]] = {
    "murmur_algorithm_traits": [c_char_p, c_char_p, POINTER(Traits)],
    "murmur_algorithms": [c_char_p, c_uint64, POINTER(c_uint64)],
    "murmur_peer_open": [POINTER(PeerSettings), POINTER(c_void_p)],
    "murmur_peer_wait": [c_void_p, POINTER(Command)],
    "murmur_peer_stepping": [c_void_p],
    "murmur_peer_step": [c_void_p, POINTER(Batch), POINTER(Command)],
    "murmur_peer_gradient": [c_void_p, POINTER(Batch), POINTER(c_void_p), POINTER(Command)],
    "murmur_peer_done": [c_void_p, c_double, POINTER(Command)],
    "murmur_peer_move": [c_void_p, POINTER(c_void_p)],
    "murmur_peer_adopt": [c_void_p],
    "murmur_peer_finish": [c_void_p, POINTER(Command)],
    "murmur_peer_close": [c_void_p],
    "murmur_peer_consensus": [c_void_p, c_void_p, c_uint64],
    "murmur_peer_save": [c_void_p, POINTER(c_uint64)],
    "murmur_peer_take_state": [c_void_p, POINTER(c_uint8), c_uint64],
    "murmur_peer_restore": [c_void_p, c_char_p, c_uint64, POINTER(Command)],
    "murmur_peer_metrics_now": [c_void_p, POINTER(PeerMetrics)],
}

_library: Optional[Any] = None


def library_path() -> Path:
    """The file of the library: the one that ``MURMUR_BRIDGE`` names, else the one in the package."""
    return Path(os.environ.get(_VARIABLE) or Path(__file__).parent.with_name(_FILE))


def is_available() -> bool:
    """Whether the library is there and fits."""
    try:
        library()
    except LibraryError:
        return False
    return True


def library() -> Any:
    """The library, opened at the first call; :class:`LibraryError` where it is missing or of another version."""
    global _library
    if _library is None:
        _library = _open(library_path())
    return _library


def use(replacement: Any) -> Any:
    """Puts something else in the library's place, for tests, and gives back what was there."""
    global _library
    before, _library = _library, replacement
    return before


def declare(loaded: Any, functions: Dict[str, List[Any]]) -> None:
    """Tells ctypes the arguments of functions that return a status."""
    for name, arguments in functions.items():
        function = getattr(loaded, name)
        function.argtypes = arguments
        function.restype = c_int32


def _open(path: Path) -> Any:
    if not path.exists():
        raise LibraryError(
            f"there is no {path}; install a wheel of murmur-gossip, build it by script/wheel, or let {_VARIABLE} name "
            "the library")
    _share_openmp()
    try:
        loaded = ctypes.CDLL(str(path))
        loaded.murmur_interface_version.restype = c_uint32
        version = loaded.murmur_interface_version()
        if version != INTERFACE_VERSION:
            raise LibraryError(
                f"{path} has version {version} of the interface and this package wants {INTERFACE_VERSION}; install "
                "both from one wheel")
        loaded.murmur_version.restype = c_char_p
        loaded.murmur_last_error.restype = c_char_p
        declare(loaded, _FUNCTIONS)
    except (OSError, AttributeError) as error:
        raise LibraryError(f"{path} cannot be opened: {error}; install a wheel for this machine") from error
    return loaded


def _share_openmp() -> None:
    # Torch brings its own libgomp. Opened first it serves both, and no core gets two teams of threads; where torch is
    # not imported yet it is found without importing it.
    specification = None if "torch" in sys.modules else importlib.util.find_spec("torch")
    if specification is None or specification.origin is None:
        return
    path = Path(specification.origin).parent / "lib" / "libgomp.so.1"
    if path.exists():
        try:
            ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
        except OSError:
            pass


def check(status: int) -> int:
    """The status, where it is none of an error; else the error with the library's sentence is raised, from what a
    callback in Python has raised, if one has."""
    if status < FIRST_ERROR:
        return status
    sentence = (library().murmur_last_error() or b"").decode(errors="replace")
    kind = BY_STATUS.get(status, GossipError)
    raise kind(sentence or f"the library tells status {status}") from taken_failure()


_failures: List[BaseException] = []


def remember(error: BaseException) -> None:
    """Keeps what a callback has raised, which the library cannot pass on, for the next error that it tells."""
    _failures.append(error)


def taken_failure() -> Optional[BaseException]:
    """What was remembered first since the last look."""
    first = _failures[0] if _failures else None
    _failures.clear()
    return first


def guarded(function: Callable[..., None]) -> Callable[..., int]:
    """A callback for the library, which no exception may leave: it is remembered, and raised behind the library's own
    sentence."""

    def call(context: Any, *arguments: Any) -> int:
        try:
            function(*arguments)
        except BaseException as error:
            remember(error)
            return 1
        return 0

    return call


def text(value: Optional[str]) -> Optional[bytes]:
    """A string as C takes it; None stays NULL."""
    return None if value is None else value.encode()


def read_json(function: Any, *arguments: Any, room: int = 1 << 16) -> Any:
    """What a function of the form ``f(..., char *text, uint64_t room, uint64_t *length)`` writes, read as JSON.

    :param room: bytes to begin with; more are taken where the text is longer, at the price of a second call.
    """
    length = c_uint64()
    while True:
        buffer = ctypes.create_string_buffer(room)
        check(function(*arguments, buffer, room, ctypes.byref(length)))
        # The length may or may not count the 0 behind the text.
        if length.value < room:
            return json.loads(buffer.value.decode())
        room = length.value + 1
