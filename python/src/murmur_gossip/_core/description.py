"""What stands in the folder of a run before training: where it takes place, and its settings."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

from .handle import Settings

# The instructions on which the speed of a step depends; reports show those that the processor has.
_NOTABLE = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")


def environment(version: str) -> Dict[str, Any]:
    """Where a run takes place: the content of ``environment.json``."""
    processor = _processor()
    flags = processor.get("flags", "").split()
    return {
        "command_line": list(getattr(sys, "orig_argv", None) or [sys.executable, *sys.argv]),
        "cores": len(os.sched_getaffinity(0)), "cpu": processor.get("model name", "unknown"),
        "cpu_features": [name for name in _NOTABLE if name in flags], "kernel": os.uname().release,
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), "onednn_version": None,
        "started": time.strftime("%Y%m%d-%H%M%S", time.gmtime()), "version": version}


def _processor() -> Dict[str, str]:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return {}
    pairs = (line.partition(":") for line in text.split("\n\n")[0].splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def configuration(name: str, model: str, optimizer: Any, peers: int, settings: Settings) -> str:
    """The settings of a run: the content of ``config.yaml``.

    :param optimizer: of torch.
    """
    rate = float(optimizer.param_groups[0]["lr"])
    return yaml({
        "name": name, "seed": settings.seed, "model": {"name": model},
        "optimizer": {"name": type(optimizer).__name__, "learning_rate": rate}, "peers": peers,
        "steps": settings.steps or None, "steps_per_epoch": settings.steps_per_epoch or None,
        "algorithm": _choice(settings.algorithm, settings.algorithm_options),
        "topology": _choice(settings.topology, settings.topology_options),
        "compression": _choice(settings.compression, settings.compression_options),
        "transport": _choice(settings.transport, settings.transport_options)})


def _choice(name: Optional[str], options: Mapping[str, Any]) -> Optional[Dict[str, Any]]:
    return None if name is None else {"name": name, **options}


def yaml(settings: Mapping[str, Any]) -> str:
    r"""Settings in YAML, whose scalars and lists are JSON's; those that are None are left out.

    >>> yaml({"seed": 1, "topology": {"name": "ring"}, "transport": None})
    'seed: 1\ntopology:\n  name: "ring"\n'
    """
    lines = []
    for key, value in settings.items():
        if isinstance(value, Mapping):
            lines.append(f"{key}:")
            lines += [f"  {inner}: {json.dumps(item, ensure_ascii=False)}" for inner, item in value.items()]
        elif value is not None:
            lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return "".join(line + "\n" for line in lines)
