"""The same script, unchanged, under the launcher of this package and under those of MPI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch")
from scripts import TRAIN  # noqa: E402

pytestmark = pytest.mark.usefixtures("library")

OPTIONS = repr({"algorithm": "dpsgd", "topology": "ring"})


def plug_in(flavour: str) -> Path:
    """The plug-in of an MPI, beside the one that MURMUR_MPI_PLUGIN names."""
    named = os.environ.get("MURMUR_MPI_PLUGIN")
    if not named:
        pytest.skip("MURMUR_MPI_PLUGIN names no plug-in: script/bootstrap --mpi=all builds them in .build/mpi")
    file = Path(named).with_name(f"murmur_mpi-{flavour}.so")
    if not file.exists():
        pytest.skip(f"there is no {file}: script/bootstrap --mpi=all")
    return file


def environment(plug_in: Path, folder: Path) -> Dict[str, str]:
    return {
        **os.environ, "OMP_NUM_THREADS": "1", "MURMUR_MPI_PLUGIN": str(plug_in),
        # Open MPI refuses to run as root, as in a container, and more ranks than cores, unless it is told.
        "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
        # Launchers that begin and end at the same time make and remove one folder for all of them there.
        "TMPDIR": str(folder)}


def models(folder: Path) -> List[Any]:
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in range(3)]


@pytest.mark.parametrize("flavour", ["openmpi", "mpich"])
def test_mpirun_ends_at_the_bits_of_the_own_launcher(
    flavour: str, launch: Callable[..., Any], tmp_path: Path
) -> None:
    # Several MPIs lie beside each other under these names.
    launcher = shutil.which(f"mpirun.{flavour}")
    if launcher is None:
        pytest.skip(f"there is no mpirun.{flavour}: script/bootstrap --mpi=all")
    surroundings = environment(plug_in(flavour), tmp_path)
    own, over_mpi = tmp_path / "own", tmp_path / "mpi"
    for folder in (own, over_mpi):
        folder.mkdir()
    result = launch(TRAIN, str(own), OPTIONS, ranks=3)
    assert result.returncode == 0, result.stderr
    # What the launch has run.
    script = tmp_path / "script.py"
    called = subprocess.run(
        [launcher, "-np", "3", sys.executable, str(script), str(over_mpi), OPTIONS], capture_output=True, text=True,
        timeout=120, env=surroundings)
    assert called.returncode == 0, called.stderr
    # Three ranks that did not find each other would be alone, and their models others.
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(models(own), models(over_mpi)))
