"""Who this process is among those of its run, by what its launcher has put into the environment."""

from __future__ import annotations

import os
from typing import Tuple

_VARIABLES: Tuple[Tuple[str, str], ...] = (
    ("MURMUR_RANK", "MURMUR_RANKS"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("PMI_RANK", "PMI_SIZE"),
    ("SLURM_PROCID", "SLURM_NTASKS"),
)


def _told() -> Tuple[int, int]:
    for rank_name, ranks_name in _VARIABLES:
        rank, ranks = os.environ.get(rank_name, ""), os.environ.get(ranks_name, "")
        if rank.isdigit() and ranks.isdigit():
            return int(rank), int(ranks)
    return 0, 1


def rank() -> int:
    """This process' number, from 0: 0 where no launcher has told one. To choose one's share of the data by."""
    return _told()[0]


def ranks() -> int:
    """How many processes the launcher has started: 1 where none has."""
    return _told()[1]
