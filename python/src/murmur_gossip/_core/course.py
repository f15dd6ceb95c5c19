"""How far a peer's training has come: steps, samples, seconds, and when it is time to tell."""

from __future__ import annotations

from time import perf_counter
from typing import Optional

_SECONDS_BETWEEN = 1.0


class Course:
    """Counts the steps of one peer.

    Time goes on from the end of a step to the end of the next one; :meth:`pause` leaves out what has gone by since.

    Training is told after multiples of a power of two, which grows until about a second lies between them: reports draw
    the lines of several peers together where they are of the same step.
    """

    def __init__(self) -> None:
        self.steps = 0
        self.samples = 0
        self.seconds = 0.0
        """Of training."""
        self.seconds_in_steps = 0.0
        """Those of them in the optimizer's steps, with what they mix, send and wait for."""
        self.steps_told = 0
        self._seconds_told = 0.0
        self._stride = 1
        self._losses = 0.0
        self._losses_told = 0
        self._mark = self._began = perf_counter()

    def pause(self) -> None:
        """What has gone by since the last step was no training."""
        self._mark = self._began = perf_counter()

    def stepping(self) -> None:
        """The optimizer's step begins."""
        self._began = perf_counter()

    def stepped(self, loss: float, samples: int) -> bool:
        """It is made; whether it is time to tell.

        :param loss: of its batch; NaN where nobody told it.
        :param samples: in its batch; 0 where nobody told them, which counts as one.
        """
        now = perf_counter()
        self.seconds += now - self._mark
        self.seconds_in_steps += now - self._began
        self._mark = self._began = now
        self.steps += 1
        self.samples += samples or 1
        if loss == loss:
            self._losses += loss
            self._losses_told += 1
        return self.steps % self._stride == 0 and self._is_time()

    def _is_time(self) -> bool:
        elapsed = self.seconds - self._seconds_told
        if elapsed < _SECONDS_BETWEEN:
            self._stride *= 2
            return False
        if elapsed > 4 * _SECONDS_BETWEEN:
            self._stride = max(self._stride // 2, 1)
        return True

    def take_loss(self) -> Optional[float]:
        """The mean loss since the last time, and all is told; None where nobody told one."""
        mean = self._losses / self._losses_told if self._losses_told else None
        self.steps_told, self._seconds_told = self.steps, self.seconds
        self._losses, self._losses_told = 0.0, 0
        return mean

    def resume(self, steps: int, samples: int) -> None:
        """These are those of a peer that has gone on from a state."""
        self.steps, self.samples = steps, samples
