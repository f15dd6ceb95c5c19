"""What the tests share: the library or a word why it is missing, and processes of this package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Dict, Iterator

import pytest
from loaded import LoadedPython

from murmur_gossip._core import native

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "examples"))
HEADERS = ROOT.parent / "Sources" / "CMurmur" / "include"


@pytest.fixture
def library() -> Any:
    """The library; the test is left out with a word where it is missing."""
    if not native.is_available():
        pytest.skip("the library is not built: script/wheel, or MURMUR_BRIDGE names it")
    return native.library()


@pytest.fixture(scope="session")
def program() -> str:
    """The command ``murmur``: the one that MURMUR names, on the path, or beside the library; the test is left out with
    a word where there is none."""
    beside = str(native.library_path().with_name("murmur"))
    found = shutil.which(os.environ.get("MURMUR") or "murmur") or shutil.which(beside)
    if found is None:
        pytest.skip("there is no command murmur: swift build --product murmur, and MURMUR may name it")
    return found


@pytest.fixture(scope="session")
def loaded() -> Iterator[LoadedPython]:
    """A process with torch in it, from which tests fork theirs."""
    python = LoadedPython()
    yield python
    python.end()


@pytest.fixture
def launch(tmp_path: Path, loaded: LoadedPython) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a script in processes and gives back what they came to. They are forked from one that has torch, unless
    real interpreters are asked for."""

    def run(script: str, *arguments: str, ranks: int = 1, keep_going: bool = False, interpreters: bool = False,
            environment: Dict[str, str] = {}, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "script.py"
        file.write_text(script)
        variables = {**os.environ, "OMP_NUM_THREADS": "1", **environment}
        if interpreters:
            command = [sys.executable, "-m", "murmur_gossip.run", "-n", str(ranks)]
            command += ["--keep-going"] if keep_going else []
            return subprocess.run(
                [*command, str(file), *arguments], capture_output=True, text=True, timeout=timeout, env=variables)
        return loaded.run(
            file, *arguments, ranks=ranks, keep_going=keep_going, environment=variables, timeout=timeout)

    return run


@pytest.fixture
def fake() -> Iterator[Any]:
    """A library in Python in the place of the real one, whose peers are alone unless told."""
    from fake_library import FakeLibrary

    replacement = FakeLibrary()
    before = native.use(replacement)
    yield replacement
    native.use(before)
