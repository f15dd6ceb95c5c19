"""What algorithms there are, by the library's own list; names that are not there are refused with the nearest one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Tuple

from . import native
from .handle import algorithm_traits
from ..errors import unknown


@dataclass(frozen=True)
class Option:
    """An option of an algorithm."""

    name: str
    default: Any
    meaning: str


@dataclass(frozen=True)
class AlgorithmInfo:
    """An algorithm of the library."""

    name: str
    summary: str
    options: Tuple[Option, ...]


def algorithms() -> List[AlgorithmInfo]:
    """All algorithms that the library brings, in its order."""
    listed = native.read_json(native.library().murmur_algorithms)
    return [
        AlgorithmInfo(
            entry["name"], entry.get("summary", ""),
            tuple(Option(option["name"], option.get("default"), option.get("meaning", ""))
                  for option in entry.get("options", ())))
        for entry in listed]


def checked_traits(algorithm: str, options: Mapping[str, Any]) -> native.Traits:
    """The traits of an algorithm with options; what is not there is refused with the nearest name."""
    known = {entry.name: entry for entry in algorithms()}
    if algorithm not in known:
        raise unknown("algorithm", algorithm, known)
    names = [option.name for option in known[algorithm].options]
    for name in options:
        if name not in names:
            raise unknown(f"option of {algorithm} named", name, names)
    return algorithm_traits(algorithm, options)
