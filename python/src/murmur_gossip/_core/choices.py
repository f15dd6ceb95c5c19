"""Names with options, as topologies, compressors and transports are chosen."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Tuple, Union

from ..errors import InvalidError

Choice = Union[None, str, Mapping[str, Any]]
"""A name, or a mapping with ``name`` and options; None for the default."""


def split_choice(choice: Choice, what: str) -> Tuple[Optional[str], Dict[str, Any]]:
    """The name and the options of a choice.

    >>> split_choice({"name": "grid", "width": 3}, "topology")
    ('grid', {'width': 3})
    >>> split_choice("ring", "topology")
    ('ring', {})
    """
    if choice is None or isinstance(choice, str):
        return choice, {}
    options = dict(choice)
    name = options.pop("name", None)
    if not isinstance(name, str):
        raise InvalidError(f"{what} has no name; write {what}={{'name': '...', ...}}")
    return name, options
