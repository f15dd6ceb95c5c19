"""The battery for one's own algorithm: worlds from a seed, with the faults that it promises to live through."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Callable, Dict, Optional, Type, Union

from ._core import native
from ._core.catalogue import checked_traits
from ._core.handle import options_text
from .algorithm import Algorithm, check_options, registered_name
from .errors import InvalidError, ViolationError


@dataclass(frozen=True)
class Checked:
    """What a battery came to."""

    algorithm: str
    worlds: int
    """How many were tried; all promises held in each of them."""


def check(
    algorithm: Union[str, Type[Algorithm]], *, worlds: int = 100, seed: int = 1, wild: bool = False,
    progress: Optional[Callable[[int], None]] = None, **options: Any,
) -> Checked:
    """Tries an algorithm in worlds that are drawn from seeds: peers, graph, network, machines, faults.

    :param worlds: how many; that of the first is `seed`, that of the next one more.
    :param wild: whether network and machines go to the ends of what there may be.
    :param progress: called with the number of worlds that are done.
    :param options: the algorithm's.
    :raises ViolationError: for the first broken promise, with the seed that shows it again, and the world.
    """
    if not isinstance(worlds, int) or worlds < 1:
        raise InvalidError(f"worlds={worlds!r} is no number of worlds; give 1 or more")
    if isinstance(algorithm, str):
        name = algorithm
        checked_traits(name, options)
    else:
        name = registered_name(algorithm)
        check_options(algorithm, options)
    for index in range(worlds):
        report = _tried(name, options, seed + index, wild)
        complaints = report.get("complaints") or []
        if complaints:
            raise ViolationError(
                f"{name} in the world of seed {seed + index}{' (wild)' if wild else ''}: {complaints[0]}; "
                f"the world: {report.get('world')}") from native.taken_failure()
        if progress is not None:
            progress(index + 1)
    return Checked(name, worlds)


def _tried(name: str, options: Dict[str, Any], seed: int, wild: bool) -> Dict[str, Any]:
    library = native.library()
    native.declare(library, {
        "murmur_algorithm_check": [
            ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_uint64,
            ctypes.POINTER(ctypes.c_uint64)]})
    report: Dict[str, Any] = native.read_json(
        library.murmur_algorithm_check, name.encode(), options_text(options), seed, int(wild), room=1 << 20)
    return report
