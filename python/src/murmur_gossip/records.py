"""Records of a run in the form of ``murmur train``, so that :func:`murmur_gossip.report` draws it."""

from __future__ import annotations

import resource
import warnings
from time import perf_counter
from typing import Any, Callable, Dict, Mapping, Optional

from . import __version__
from ._core.course import Course
from ._core.description import configuration, environment
from ._core.handle import PeerHandle, Settings
from ._core.run_folder import Place, RunFolder, indented
from ._core.summary import finite, summary
from .environment import rank
from .errors import InvalidError

Score = Dict[str, Optional[float]]
# The script loads what it learns from, and this package does not hear its name.
_DATA = "own data"


class RunRecords:
    """What one peer writes of its run; the first process also writes what is said once for all."""

    def __init__(self, place: Place, settings: Settings) -> None:
        """Takes the folder. Comes before the processes are joined, for afterwards they may write.

        :raises InvalidError: where it holds the records of another run, or cannot be made.
        """
        self._is_first = rank() == 0
        self._folder = RunFolder(place, is_first=self._is_first)
        self._settings = settings
        self._opened = perf_counter()
        self._tested: Score = {"accuracy": None, "loss": None}
        self._average: Optional[Score] = None
        self._is_broken = False

    def give_back(self) -> None:
        """The run does not begin: the folder is as it was."""
        self._folder.give_back()

    def begin(self, handle: PeerHandle, model: Any, optimizer: Any, servers: int) -> None:
        """All processes are there, and the first gradient is wanted."""
        metrics = handle.metrics()
        self._batch = handle.batch
        self._rank = int(metrics["rank"])
        self._peers = max(int(metrics["ranks"]) - servers, 1)
        # A compiled model hides the one that was written.
        self._model = type(getattr(model, "_orig_mod", model)).__name__
        if self._is_first:
            name = self._folder.path.resolve().name
            self._folder.describe(
                environment(__version__), configuration(name, self._model, optimizer, self._peers, self._settings))
        self._course = Course()

    # Training.

    def stepping(self) -> None:
        """The optimizer's step begins."""
        self._course.stepping()

    def stepped(self) -> None:
        """It is made, and the next gradient is wanted."""
        if self._course.stepped(self._batch.loss, self._batch.samples):
            self._tell_training()

    def _tell_training(self) -> None:
        # The library has the rate as a float32, of which more digits say nothing.
        rate = finite(f"{self._batch.learning_rate:.7g}")
        loss = finite(self._course.take_loss())
        self._append({**self._line("train", self._rank, loss, None, self._course.samples), "learning_rate": rate})

    def resume(self, handle: PeerHandle) -> None:
        """The peer goes on from a state."""
        metrics = handle.metrics()
        self._course.resume(int(metrics["steps"]), int(metrics["samples"]))

    # Tests.

    def record(self, loss: Any, accuracy: Any, samples: int, split: str, consensus: bool) -> None:
        """Writes how well a model does; the consensus model's line is the first process' to write."""
        score = _checked(loss, accuracy, split)
        if not consensus:
            self._tell_test(split, self._rank, score, samples or self._course.samples)
        elif self._is_first:
            self._tell_test(split, None, score, samples or self._course.samples * self._peers)
        self._course.pause()

    def _tell_test(self, split: str, peer: Optional[int], score: Score, samples: int) -> None:
        self._append(self._line(split, peer, score["loss"], score["accuracy"], samples))
        if split == "test" and peer is None:
            self._average = score
        elif split == "test":
            self._tested = score

    # The end.

    def leave(self, metrics: Mapping[str, float], is_finished: bool) -> None:
        """Leaves the last line and what this peer came to. Comes before its finish, which waits for all."""
        if self._course.steps > self._course.steps_told:
            self._tell_training()
        figures = {**self._times(metrics["waiting_seconds"]), **self._tested}
        figures.update(
            peer=self._rank, steps=self._course.steps, samples=self._course.samples,
            messages_sent=metrics["messages_sent"], bytes_sent=metrics["bytes_sent"],
            peak_memory_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            is_complete=is_finished or self._settings.steps == 0)
        self._try(lambda: self._folder.leave_figures(self._rank, figures))

    def _times(self, waited: float) -> Dict[str, Any]:
        # Waiting for an average that the script asked for is no training.
        inside, waiting = self._course.seconds_in_steps, min(waited, self._course.seconds_in_steps)
        # Messages are handled by threads of the library, beside gradients or waiting.
        return {
            "train_seconds": self._course.seconds, "gradient_seconds": self._course.seconds - inside,
            "update_seconds": inside - waiting, "communication_seconds": 0.0, "waiting_seconds": waiting}

    def conclude(self) -> None:
        """All are done: the first process writes the summary, the last file of a run."""
        if self._is_first:
            self._try(self._summarize)

    def _summarize(self) -> None:
        figures = self._folder.figures()
        result = summary(
            {"algorithm": self._settings.algorithm, "peers": self._peers, "model": self._model, "data": _DATA,
             "seed": self._settings.seed, "version": __version__, "wall_seconds": perf_counter() - self._opened},
            figures, self._average)
        # Nobody knows before what all have sent.
        self._folder.append({
            "kind": "network", "step": max((peer["steps"] for peer in figures), default=0),
            "time": round(result["train_seconds"], 6), "messages": result["messages_sent"],
            "bytes": result["bytes_sent"]})
        self._folder.write("summary.json", indented(result))

    # Lines.

    def _line(
        self, split: str, peer: Optional[int], loss: Optional[float], accuracy: Optional[float], samples: int
    ) -> Dict[str, Any]:
        course, epoch = self._course, self._settings.steps_per_epoch
        return {
            "step": course.steps, "time": round(course.seconds, 6), "epoch": course.steps / epoch if epoch else 0.0,
            "peer": peer, "split": split, "loss": loss, "accuracy": accuracy, "samples": samples}

    def _append(self, line: Mapping[str, Any]) -> None:
        self._try(lambda: self._folder.append(line))

    def _try(self, action: Callable[[], None]) -> None:
        # A disk that is full is no reason to lose the training.
        if self._is_broken:
            return
        try:
            action()
        except OSError as error:
            self._is_broken = True
            warnings.warn(
                f"the records in {self._folder.path} end here: {error}; the training goes on without them",
                RuntimeWarning, stacklevel=2)


def _checked(loss: Any, accuracy: Any, split: str) -> Score:
    if split not in ("test", "validation"):
        raise InvalidError(f"there is no split {split!r}; give 'test' or 'validation', for training tells its own")
    if loss is None and accuracy is None:
        raise InvalidError("there is nothing to record; give a loss, an accuracy, or both")
    score = {"accuracy": finite(accuracy), "loss": finite(loss)}
    share = score["accuracy"]
    if share is not None and not 0 <= share <= 1:
        raise InvalidError(f"accuracy={share!r} is no share of samples; give a number from 0 to 1")
    return score
