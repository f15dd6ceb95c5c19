"""Scripts that processes run: what all begin with, and one that trains and leaves its model behind."""

from __future__ import annotations

import textwrap
from pathlib import Path

COMMON = f"""
import os, sys, torch, murmur_gossip
sys.path.insert(0, {str(Path(__file__).parent)!r})
from small import backward, flat, network, sgd
torch.set_num_threads(1)
rank = murmur_gossip.rank()
# Silence after which a process counts as gone is short.
QUICK = {{"name": "processes", "silence_seconds": 1}}
"""

_TRAIN = """
model = network(); optimizer = sgd(model)
options = eval(sys.argv[2])
with murmur_gossip.Peer(model, optimizer, steps=30, **options) as peer:
    for step in range(30):
        backward(model, rank, step)
        optimizer.step()
torch.save(flat(model), f"{sys.argv[1]}/{rank}.pt")
"""


def script(body: str) -> str:
    """A script that does so."""
    return COMMON + textwrap.dedent(body)


TRAIN = script(_TRAIN)
"""Takes a folder, where each rank's model lies in the end as RANK.pt, and the options of the peer."""
