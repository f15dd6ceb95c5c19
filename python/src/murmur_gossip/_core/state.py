"""The plain state of an algorithm written in Python: to be copied, and as bytes that are read without danger."""

from __future__ import annotations

import json
from typing import Any, Dict

from ..errors import InvalidError, StateError
from ..randomness import Random
from ..vocabulary import Metadata, Part, Term, Vector

_PLAIN = (type(None), bool, int, float, str)
_VALUES: Dict[str, Any] = {"V": Vector, "M": Metadata, "P": Part, "T": Term}
_LETTERS: Dict[Any, str] = {kind: letter for letter, kind in _VALUES.items()}


def copied(value: Any, name: str = "state") -> Any:
    """The value with all its lists, sets and dictionaries made again; :class:`InvalidError` for what is not plain."""
    kind: Any = type(value)
    if kind in _PLAIN or kind is bytes or kind in _LETTERS:
        return value
    if kind is list or kind is tuple or kind is set or kind is frozenset:
        return kind(copied(item, name) for item in value)
    if kind is dict:
        return {copied(key, name): copied(item, name) for key, item in value.items()}
    if kind is Random:
        return Random.of_words(value.words)
    raise InvalidError(
        f"{name} is of {kind.__name__}, which is no plain state; keep numbers, texts, lists, tuples, sets, "
        "dictionaries, or values of murmur_gossip")


def _pack(value: Any, name: str) -> Any:
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    if kind is bytes:
        return ["b", value.hex()]
    if kind in _LETTERS:
        return [_LETTERS[kind], *(_pack(item, name) for item in value)]
    if kind is dict:
        return ["d", *([_pack(key, name), _pack(item, name)] for key, item in value.items())]
    if kind is Random:
        return ["r", *value.words]
    if kind in (list, tuple, set, frozenset):
        letter = {list: "l", tuple: "t", set: "s", frozenset: "f"}[kind]
        packed = [_pack(item, name) for item in value]
        # The order of a set is chance; that of its bytes is not.
        return [letter, *(sorted(packed, key=json.dumps) if letter in "sf" else packed)]
    return copied(value, name)


def _unpack(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    letter, *items = value
    if letter == "d":
        return {_unpack(key): _unpack(item) for key, item in items}
    if letter == "b":
        return bytes.fromhex(items[0])
    if letter == "r":
        return Random.of_words(items)
    values = [_unpack(item) for item in items]
    if letter in _VALUES:
        return _VALUES[letter](*values)
    return {"l": list, "t": tuple, "s": set, "f": frozenset}[letter](values)


def to_bytes(state: Dict[str, Any]) -> bytes:
    """Attributes by name as bytes, the same for equal ones.

    >>> of_bytes(to_bytes({"came": {(1, 2): Vector(3, id=7)}, "gone": {4}, "rate": 0.5}))
    {'came': {(1, 2): Vector(kind=3, number=0, id=7)}, 'gone': {4}, 'rate': 0.5}
    """
    return json.dumps({name: _pack(value, name) for name, value in state.items()}).encode()


def of_bytes(data: bytes) -> Dict[str, Any]:
    """The attributes again; :class:`StateError` for other bytes."""
    try:
        return {name: _unpack(value) for name, value in json.loads(data.decode()).items()}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise StateError(f"these bytes are no state of an algorithm: {error}") from error
