"""The folder of a run, in the form of ``murmur train``: who may have it, and how its files are written.

Each process appends whole lines to one file; no other file is written by more than one of them.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Union

from ..errors import InvalidError

Place = Union[str, "os.PathLike[str]"]
_LINES = "metrics.jsonl"
_PEERS = "peers"
_DESCRIPTION = ("environment.json", "config.yaml", "overrides.txt")
_OWN = (_LINES, *_DESCRIPTION, "summary.json", _PEERS)


class RunFolder:
    """A folder that this run has to itself."""

    def __init__(self, place: Place, *, is_first: bool) -> None:
        """Takes the folder, before the processes have met: until then nobody writes a line.

        :param is_first: whether this process makes the folder; the others write into it when they have something.
        :raises InvalidError: where the folder holds records already, or cannot be made.
        """
        self.path = Path(place)
        self._is_first = is_first
        self._is_new = not self.path.exists()
        with self._asking():
            if is_first:
                self._take()
            elif (self.path / _LINES).exists() and (self.path / _LINES).stat().st_size > 0:
                # The lines of this run are still to come, so these are of another one.
                raise self._taken(_LINES)

    def _take(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        for name in _OWN:
            if os.path.lexists(self.path / name):
                raise self._taken(name)
        try:
            os.close(os.open(self.path / _LINES, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
        except FileExistsError:
            raise self._taken(_LINES) from None

    def _taken(self, name: str) -> InvalidError:
        return InvalidError(
            f"{self.path} holds {name} of another run already; name a folder that is not there yet, or move that one "
            "away")

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InvalidError(
                f"{self.path} cannot take the records: {error.strerror or error}; name a folder that you may write"
            ) from error

    def describe(self, environment: Mapping[str, Any], configuration: str) -> None:
        """Writes what the run is and where it runs, before it begins."""
        with self._asking():
            for name, text in zip(_DESCRIPTION, (indented(environment), configuration, "")):
                self.write(name, text)

    def give_back(self) -> None:
        """Leaves things as they were: the run does not begin."""
        if self._is_first:
            for name in (_LINES, *_DESCRIPTION):
                (self.path / name).unlink(missing_ok=True)
            if self._is_new and not any(self.path.iterdir()):
                self.path.rmdir()

    def write(self, name: str, text: str) -> None:
        """Writes a whole file, or none of it."""
        place = self.path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".{place.name}.tmp")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, place)

    def append(self, line: Mapping[str, Any]) -> None:
        """Puts a line behind all that are there, in one write, so that those of several processes do not mix."""
        data = (json.dumps(line, separators=(",", ":"), allow_nan=False) + "\n").encode()
        self.path.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path / _LINES, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            if os.write(file, data) < len(data):
                raise OSError("the disk is full")
        finally:
            os.close(file)

    def leave_figures(self, rank: int, figures: Mapping[str, Any]) -> None:
        """What a peer came to, for whoever writes the summary."""
        self.write(f"{_PEERS}/peer-{rank:03d}.json", indented(figures))

    def figures(self) -> List[Dict[str, Any]]:
        """What those peers came to that have left their figures here, by their numbers."""
        found = [json.loads(path.read_text(encoding="utf-8")) for path in (self.path / _PEERS).glob("peer-*.json")]
        return sorted(found, key=lambda figures: int(figures["peer"]))


def indented(value: Mapping[str, Any]) -> str:
    """JSON with a key a line, as the files of a run have it."""
    return json.dumps(value, indent=2, sort_keys=True, allow_nan=False) + "\n"
