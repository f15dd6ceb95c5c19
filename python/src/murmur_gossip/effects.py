"""What an algorithm wants done after an event."""

from __future__ import annotations

from typing import List, Optional, Sequence

from .vocabulary import GRADIENT, MODEL, Effect, Metadata, Part, Term, Vector


class Effects:
    """The effects of one event, in the order in which they will be carried out.

    One made by hand collects them in :attr:`list`, so that an algorithm can be tested by calling it:

    >>> effects = Effects()
    >>> effects.combine(MODEL, Term(1, MODEL), Term(0.5, Vector(3, id=7), minus=MODEL))
    >>> effects.send(MODEL, to=2)
    1
    >>> [effect.kind for effect in effects.list]
    ['combine', 'send']
    """

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        """Seconds since the run began, by this peer's own clock."""
        self.list: List[Effect] = []
        """What was asked for."""
        self._messages = 0

    def _add(self, effect: Effect) -> int:
        self.list.append(effect)
        self._messages += effect.kind == "send"
        return self._messages

    def gradient(self, at: Term = Term(1, MODEL)) -> None:
        """Computes the gradient at a point, a number times a vector; ``GradientReady`` answers."""
        self._add(Effect("gradient", terms=(at,)))

    def update(self) -> None:
        """Lets the optimizer change the model along the gradient that came last."""
        self._add(Effect("update"))

    def direction(self, at: Vector = MODEL, along: Vector = GRADIENT, *, into: Vector) -> None:
        """Writes the optimizer's step from a point along a gradient, applied to nothing."""
        self._add(Effect("direction", vector=into, point=at, along=along))

    def combine(self, into: Vector, *terms: Term, part: Optional[Part] = None) -> None:
        """Overwrites a vector, or a part of it, by the sum of terms; those with ``minus`` all have the same one."""
        self._add(Effect("combine", vector=into, terms=terms, part=part))

    def noise(self, into: Vector, deviation: float, seed: int, peer: int = 0, round: int = 0) -> None:
        """Overwrites a vector by normal numbers."""
        self._add(
            Effect("noise", vector=into, deviation=deviation, seed=seed, peer=peer, metadata=Metadata(round=round)))

    def average(self, vector: Vector) -> None:
        """Replaces a vector by its average over all peers, who must all ask for it; ``Averaged`` answers."""
        self._add(Effect("average", vector=vector))

    def score(self, vector: Vector) -> None:
        """Has a vector tested on validation samples; ``Scored`` answers."""
        self._add(Effect("score", vector=vector))

    def measure(self, vectors: Sequence[Vector], origin: Vector) -> None:
        """Has the distances of vectors from one taken; ``Measured`` answers."""
        self._add(Effect("measure", vector=origin, terms=tuple(Term(1, vector) for vector in vectors)))

    def send(
        self, vector: Optional[Vector], metadata: Metadata = Metadata(), *, to: int, part: Optional[Part] = None
    ) -> int:
        """Sends a vector, a part of it, or metadata alone; gives the number by which it is told what became of it."""
        return self._add(Effect("send", vector=vector, metadata=metadata, peer=to, part=part))

    def reset_optimizer(self) -> None:
        """Lets the optimizer forget its momentum and moments."""
        self._add(Effect("reset_optimizer"))

    def keep(self, payload: Vector) -> None:
        """Holds the payload that came with this event beyond it; it must be released, once."""
        self._add(Effect("keep", payload=payload.id))

    def release(self, *payloads: Vector) -> None:
        """Lets go of kept payloads."""
        for payload in payloads:
            self._add(Effect("release", payload=payload.id))

    def timer(self, timer: int, at: float) -> None:
        """Rings the timer of a number at a time, in seconds as :attr:`now`; ``Timer`` answers."""
        self._add(Effect("timer", timer=timer, at_seconds=at))

    def finish(self) -> None:
        """Asks for no more gradients; messages are still answered."""
        self._add(Effect("finish"))

    def abandon(self, reason: str) -> None:
        """Gives up, for a reason that the user reads."""
        self._add(Effect("abandon", reason=reason))
