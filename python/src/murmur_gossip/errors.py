"""What can go wrong, each with one sentence that says what is wrong and what to do about it."""

from __future__ import annotations

import difflib
from typing import Dict, Iterable, Type


class GossipError(RuntimeError):
    """What all errors of this package are."""


class InvalidError(GossipError, ValueError):
    """An argument, algorithm, option or model that cannot be."""


class ClosedError(GossipError):
    """The peer is closed."""


class WrongThreadError(GossipError):
    """The peer belongs to another thread."""


class ForkedError(GossipError):
    """This process was forked off from the one whose peer it is."""


class OutOfTurnError(GossipError):
    """The call does not fit what the peer is at."""


class MismatchError(GossipError):
    """The other processes carry out something else; the sentence names the first difference."""


class UnreachableError(GossipError, ConnectionError):
    """The processes could not be joined, or one that was needed is gone."""


class AbandonedError(GossipError):
    """The algorithm has no way on, such as all-reduce after a death."""


class StateError(GossipError, ValueError):
    """Not the state of such a peer."""


class SystemRefusedError(GossipError):
    """The system refused memory or a thread."""


class CallbackError(GossipError):
    """A function of the caller's has raised; its own error is the cause of this one."""


class ViolationError(GossipError):
    """A promise was broken in the simulator; the sentence tells which one, and the seed that shows it again."""


class LibraryError(GossipError, ImportError):
    """The library behind this package is missing or does not fit."""


BY_STATUS: Dict[int, Type[GossipError]] = {
    16: InvalidError,
    17: ClosedError,
    18: WrongThreadError,
    19: ForkedError,
    20: OutOfTurnError,
    21: MismatchError,
    22: UnreachableError,
    23: AbandonedError,
    24: StateError,
    25: SystemRefusedError,
    40: CallbackError,
}
"""The error of each status of the C interface (``enum murmur_status`` in murmur.h)."""


def unknown(kind: str, name: str, known: Iterable[str]) -> InvalidError:
    """The error for a name that is not there, with the nearest one that is.

    >>> unknown("algorithm", "gosdg", ["dpsgd", "gosgd"]).args[0]
    "there is no algorithm 'gosdg'; did you mean 'gosgd'? There are dpsgd, gosgd"
    """
    names = sorted(known)
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    question = f"did you mean '{nearest[0]}'? " if nearest else ""
    there = f"There are {', '.join(names)}" if names else "It has none"
    return InvalidError(f"there is no {kind} '{name}'; {question}{there}")
