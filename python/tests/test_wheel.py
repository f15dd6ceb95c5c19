"""The wheel: made of a library that is built already, and installed in an environment that has nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from murmur_gossip._core import native


def test_it_installs_where_nothing_else_is(library: Any, tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling is not installed: pip install hatchling")
    environment = {name: value for name, value in os.environ.items() if name not in ("MURMUR_BRIDGE", "PYTHONPATH")}
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, check=True,
        env={**environment, "MURMUR_BRIDGE": str(native.library_path())})
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.startswith("murmur_gossip-") and "-py3-none-linux_" in wheel.name
    names = zipfile.ZipFile(wheel).namelist()
    assert "murmur_gossip/libmurmur_bridge.so" in names and "murmur_gossip/py.typed" in names
    assert not [name for name in names if name.startswith("tests")]

    venv.create(tmp_path / "clean", with_pip=True)
    python = str(tmp_path / "clean" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)], check=True)
    # Without torch it still has the library, its catalogue, and the checks of algorithms.
    told = subprocess.run(
        [python, "-c", "import murmur_gossip as m; print(len(m.algorithms()), m.rank(), m.__version__)"],
        capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    count, rank, version = told.stdout.split()
    assert (int(count) >= 30, rank, wheel.name.split("-")[1]) == (True, "0", version)
