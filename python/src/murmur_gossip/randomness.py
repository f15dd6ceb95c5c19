"""Random numbers for algorithms: the streams that the library's own draw from, the same on every machine."""

from __future__ import annotations

import ctypes
from typing import Any, List, Sequence

from ._core import native


class Words(ctypes.Structure):
    """``murmur_random``."""

    _fields_ = [("words", ctypes.c_uint64 * 4)]


def _declared() -> Any:
    library = native.library()
    if library.murmur_random_below.argtypes is None:
        pointer = ctypes.POINTER(Words)
        library.murmur_random_begin.argtypes = [pointer, ctypes.c_uint64, ctypes.c_int64, ctypes.c_uint64]
        library.murmur_random_begin.restype = None
        library.murmur_random_next.argtypes = [pointer]
        library.murmur_random_next.restype = ctypes.c_uint64
        library.murmur_random_uniform.argtypes = [pointer]
        library.murmur_random_uniform.restype = ctypes.c_double
        library.murmur_random_below.restype = ctypes.c_uint64
        library.murmur_random_below.argtypes = [pointer, ctypes.c_uint64]
    return library


class Random:
    """A stream of random numbers named by (seed, peer, round); it may be an attribute of an algorithm."""

    def __init__(self, seed: int, peer: int, round: int = 0) -> None:
        self._words = Words()
        _declared().murmur_random_begin(ctypes.byref(self._words), seed & (2**64 - 1), peer, round)

    @classmethod
    def of_words(cls, words: Sequence[int]) -> Random:
        """The stream that stands where :attr:`words` were taken."""
        stream = cls.__new__(cls)
        stream._words = Words((ctypes.c_uint64 * 4)(*words))
        return stream

    @property
    def words(self) -> List[int]:
        """Where the stream stands: four numbers of 64 bits."""
        return list(self._words.words)

    def next(self) -> int:
        """64 bits."""
        return int(_declared().murmur_random_next(ctypes.byref(self._words)))

    def uniform(self) -> float:
        """In [0, 1)."""
        return float(_declared().murmur_random_uniform(ctypes.byref(self._words)))

    def below(self, bound: int) -> int:
        """One of 0 to bound - 1, all equally likely."""
        return int(_declared().murmur_random_below(ctypes.byref(self._words), bound))
