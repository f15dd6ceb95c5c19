"""The words between an algorithm and whoever drives it: vectors by name, events, effects.

They are those of the library's own algorithms. An algorithm holds no vector: it names them, and effects are carried out
in their order, each on the vectors as they are at that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Optional, Tuple


class Vector(NamedTuple):
    """A vector of the peer by its name; all have the length of the model, but for a received part."""

    kind: int
    number: int = 0
    id: int = 0


MODEL = Vector(0)
"""The parameters that this peer trains."""
GRADIENT = Vector(1)
"""The gradient of the last answer; named by algorithms alone that say ``reads_gradient``."""


def named(number: int) -> Vector:
    """A vector that the algorithm keeps for itself, zero at first.

    :param number: 0 to 29.
    """
    return Vector(2, number)


def told(peer: int, tag: int = 0) -> Vector:
    """What a peer knows of the vector sent to it, over links that compress; read only."""
    return Vector(4, tag, peer)


class Part(NamedTuple):
    """Piece `index` of `count` equal pieces of a vector."""

    index: int  # type: ignore[assignment]
    count: int  # type: ignore[assignment]


class Term(NamedTuple):
    """``weight * vector``, or ``weight * (vector - minus)``: equal vectors then add nothing, to the bit."""

    weight: float
    vector: Vector
    minus: Optional[Vector] = None
    part: Optional[Part] = None


class Metadata(NamedTuple):
    """The few numbers that travel with a vector: the sender's round, the mass, and what the message means."""

    round: int = 0
    weight: float = 0.0
    tag: int = 0


class Invariant(NamedTuple):
    """A conservation law: what peers hold, messages carry (``mass`` alone) and the dead took with them is `total`."""

    name: str
    total: float
    held: float
    tolerance: float = 1e-12


class Event:
    """What has happened. An algorithm handles those that it cares for and lets the others pass."""


@dataclass
class Start(Event):
    """Once, before all others."""


@dataclass
class GradientReady(Event):
    """The gradient that was asked for is there."""

    loss: float
    learning_rate: float
    samples: int


@dataclass
class Averaged(Event):
    """The vector holds the average over all peers."""

    vector: Vector


@dataclass
class Scored(Event):
    """How well the vector does that was to be scored: the higher the better."""

    score: float


@dataclass
class Measured(Event):
    """How far the vectors are that were to be measured; infinite where one is not finite."""

    distances: Tuple[float, ...]


@dataclass
class Received(Event):
    """A message came. Its payload goes with the event unless it is kept."""

    payload: Optional[Vector]
    metadata: Metadata
    sender: int


@dataclass
class Delivered(Event):
    """The receiver has handled the message of that number."""

    message: int


@dataclass
class Returned(Event):
    """The receiver will never handle the message: its value comes back."""

    message: int
    payload: Optional[Vector]


@dataclass
class PeerJoined(Event):
    """The peer is there, or there again."""

    peer: int


@dataclass
class PeerLeft(Event):
    """The peer is gone."""

    peer: int


@dataclass
class Timer(Event):
    """The timer of that number rings."""

    timer: int


@dataclass
class Stop(Event):
    """End after this step; a later step that has begun is still finished."""

    step: int


@dataclass
class Leave(Event):
    """This peer is about to leave while the others go on: what it holds of a whole is to go to others."""


@dataclass
class End(Event):
    """The run is over: what is kept is to be released."""


@dataclass
class Effect:
    """What should happen; fields that the kind does not name are not looked at (``murmur_effect``)."""

    kind: str
    vector: Optional[Vector] = None
    terms: Tuple[Term, ...] = ()
    point: Optional[Vector] = None
    along: Optional[Vector] = None
    part: Optional[Part] = None
    metadata: Metadata = Metadata()
    peer: int = 0
    payload: int = 0
    timer: int = 0
    at_seconds: float = 0.0
    deviation: float = 0.0
    seed: int = 0
    reason: str = ""
