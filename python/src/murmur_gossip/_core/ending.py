"""What becomes of open peers when the interpreter ends: they leave at once, so that no exit waits for others."""

from __future__ import annotations

import atexit
import os
import weakref
from typing import Any

_process = os.getpid()
_open: weakref.WeakSet[Any] = weakref.WeakSet()


def watch(peer: Any) -> None:
    """Closes a peer at exit, unless it has been closed by then. It must have ``close(wait)``."""
    _open.add(peer)


def _leave() -> None:
    if os.getpid() != _process:
        return
    for peer in list(_open):
        try:
            peer.close(wait=False)
        except Exception:  # The interpreter is ending: nobody is left to be told.
            pass


def _forget() -> None:
    # The child of a fork has no threads of the library: what was open belongs to the parent.
    global _process
    _process = os.getpid()
    _open.clear()


atexit.register(_leave)
os.register_at_fork(after_in_child=_forget)
