"""What a peer counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metrics:
    """What a peer has done so far."""

    rank: int
    """This process among all, from 0."""
    ranks: int
    """Processes at the beginning."""
    ranks_here: int
    """Those that are there now, this one included."""
    steps: int
    """Steps made."""
    samples: int
    """Samples in their batches, as far as :meth:`Peer.batch` told them; 1 a batch else."""
    messages_sent: int
    messages_received: int
    bytes_sent: int
    """Bytes of the vectors sent."""
    loss: float
    """Mean loss since the metrics were last asked for; NaN where nobody told one."""
    seconds: float
    """Since the first gradient was wanted."""
    waiting_seconds: float
    """Those of them in which a step waited for others."""
    copies_in: int
    """How often parameters were copied from the model."""
    copies_out: int
    """And to it."""
