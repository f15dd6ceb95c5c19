"""PyTorch models learn together without a parameter server.

>>> import murmur_gossip
>>> murmur_gossip.ranks()
1

:class:`Peer` lets a model gossip with those of other processes from within its optimizer's ordinary steps,
:func:`simulate` does the same with many models in virtual time, :class:`Algorithm` is what one's own algorithms inherit
from, and :func:`check` tries them in random worlds. ``python -m murmur_gossip.run -n 4 train.py`` starts processes,
and :func:`report` draws what they recorded. Torch is imported when something is used that needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List

from ._core.catalogue import AlgorithmInfo, Option, algorithms
from .algorithm import Algorithm, Setup
from .checking import Checked, check
from .effects import Effects
from .environment import rank, ranks
from .errors import (
    AbandonedError, CallbackError, ClosedError, ForkedError, GossipError, InvalidError, LibraryError, MismatchError,
    OutOfTurnError, StateError, SystemRefusedError, UnreachableError, ViolationError, WrongThreadError)
from .metrics import Metrics
from .randomness import Random
from .reports import report
from .serving import serve
from .vocabulary import (
    GRADIENT, MODEL, Averaged, Delivered, Effect, End, Event, GradientReady, Invariant, Leave, Measured, Metadata, Part,
    PeerJoined, PeerLeft, Received, Returned, Scored, Start, Stop, Term, Timer, Vector, named, told)

if TYPE_CHECKING:
    from .peer import Peer
    from .simulation import Progress, Simulated, simulate

__version__ = "0.1.0"

__all__ = [
    "AbandonedError", "Algorithm", "AlgorithmInfo", "Averaged", "CallbackError", "Checked", "ClosedError", "Delivered",
    "Effect", "Effects", "End", "Event", "ForkedError", "GRADIENT", "GossipError", "GradientReady", "InvalidError",
    "Invariant", "Leave", "LibraryError", "MODEL", "Measured", "Metadata", "Metrics", "MismatchError", "Option",
    "OutOfTurnError", "Part", "Peer", "PeerJoined", "PeerLeft", "Progress", "Random", "Received", "Returned", "Scored",
    "Setup", "Simulated", "Start", "StateError", "Stop", "SystemRefusedError", "Term", "Timer", "UnreachableError",
    "Vector", "ViolationError", "WrongThreadError", "algorithms", "check", "named", "rank", "ranks", "report",
    "serve", "simulate", "told"]

_WITH_TORCH = {
    "Peer": "peer", "Progress": "simulation", "Simulated": "simulation", "simulate": "simulation"}


def __getattr__(name: str) -> Any:
    if name not in _WITH_TORCH:
        raise AttributeError(f"murmur_gossip has no {name}")
    from importlib import import_module

    value = getattr(import_module(f".{_WITH_TORCH[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> List[str]:
    return sorted(__all__)
