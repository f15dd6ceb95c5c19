"""Reports of recorded runs, drawn by the command ``murmur``, which is a package of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Optional

from ._core.run_folder import Place
from .errors import GossipError, InvalidError

_FILE = "report.html"


def report(*folders: Place, output: Optional[Place] = None) -> Path:
    """Draws the records of runs on one page that needs nothing beside itself.

    The command is the one that the environment variable ``MURMUR`` names, else ``murmur`` on the path.

    :param folders: of runs, by :class:`Peer` or by ``murmur train``.
    :param output: the file to write; unless told ``report.html`` in the folder, or here where there are several.
    :returns: that file.
    :raises GossipError: where there is no command, or it cannot read the records, with its own sentence.
    """
    if not folders:
        raise InvalidError("there is no run to draw; name the folders of some, such as report('runs/mine')")
    file = Path(output) if output is not None else Path(folders[0]) / _FILE if len(folders) == 1 else Path(_FILE)
    words = [_command(), "report", "--output", os.fspath(file), "--", *(os.fspath(folder) for folder in folders)]
    result = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise GossipError(result.stderr.strip() or f"{words[0]} report ended with status {result.returncode}")
    return file


def _command() -> str:
    named = os.environ.get("MURMUR")
    command = shutil.which(named or "murmur")
    if command is None:
        raise GossipError(
            f"there is no command {named or 'murmur'}, which draws reports; install its package (docs/installing.md), "
            "or let MURMUR name the command")
    return command
