"""The structures of the headers, as the C compiler lays them out, against those of ctypes."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any, Dict, Type

import pytest
from conftest import HEADERS

from murmur_gossip._core import native, simulation, structures

STRUCTURES: Dict[str, Type[Any]] = {
    "murmur_traits": native.Traits,
    "murmur_tensor": native.Tensor,
    "murmur_peer_settings": native.PeerSettings,
    "murmur_command": native.Command,
    "murmur_batch": native.Batch,
    "murmur_peer_metrics": native.PeerMetrics,
    "murmur_vector": structures.VectorStruct,
    "murmur_part": structures.PartStruct,
    "murmur_term": structures.TermStruct,
    "murmur_metadata": structures.MetadataStruct,
    "murmur_event": structures.EventStruct,
    "murmur_effect": structures.EffectStruct,
    "murmur_weight": structures.WeightStruct,
    "murmur_setup": structures.SetupStruct,
    "murmur_invariant": structures.InvariantStruct,
    "murmur_standing": structures.StandingStruct,
    "murmur_algorithm": structures.AlgorithmStruct,
    "murmur_learning": simulation.LearningStruct,
    "murmur_simulation_settings": simulation.SettingsStruct,
    "murmur_simulation_progress": simulation.ProgressStruct,
}


def test_structures_are_those_of_the_headers(tmp_path: Path) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or not (HEADERS / "murmur_simulation.h").exists():
        pytest.skip("no C compiler, or no headers beside this folder")
    lines = ['#include "murmur_simulation.h"', "#include <stdio.h>", "int main(void) {"]
    expected = []
    for name, kind in STRUCTURES.items():
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        expected.append(f"{name} {ctypes.sizeof(kind)}")
        for field, *_ in kind._fields_:
            lines.append(f'printf("{name}.{field} %zu\\n", offsetof({name}, {field}));')
            expected.append(f"{name}.{field} {getattr(kind, field).offset}")
    source, program = tmp_path / "layout.c", tmp_path / "layout"
    source.write_text("\n".join([*lines, "}"]))
    subprocess.run([compiler, "-I", str(HEADERS), str(source), "-o", str(program)], check=True)
    told = subprocess.run([str(program)], capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == expected


def test_numbers_are_those_of_the_headers() -> None:
    header = HEADERS / "murmur.h"
    if not header.exists():
        pytest.skip("no headers beside this folder")
    text = "".join(path.read_text() for path in sorted(HEADERS.glob("murmur*.h")))
    for name, number in {
        "WAITING": native.WAITING, "FINISHED": native.FINISHED, "ERRORS": native.FIRST_ERROR,
        "ACTION_STEP": native.ACTION_STEP, "ACTION_SCORE": native.ACTION_SCORE,
    }.items():
        assert f"MURMUR_{name} = {number}," in text
    assert f"#define MURMUR_INTERFACE_VERSION {native.INTERFACE_VERSION}\n" in text
    for kind, number in structures.EFFECT_KINDS.items():
        assert f"MURMUR_EFFECT_{kind.upper()} = {number}," in text
