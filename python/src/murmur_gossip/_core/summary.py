"""The summary of a run, put together from what its peers have left: the content of ``summary.json``."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, Optional, Sequence

PEER_KEYS = (
    "peer", "steps", "samples", "messages_sent", "bytes_sent", "train_seconds", "gradient_seconds", "update_seconds",
    "communication_seconds", "waiting_seconds", "accuracy", "loss")
"""What the summary says of each peer."""
_SUMS = (
    "messages_sent", "bytes_sent", "gradient_seconds", "update_seconds", "communication_seconds", "waiting_seconds",
    "peak_memory_bytes")


def finite(value: Any) -> Optional[float]:
    """A number as it stands in records: None where it is none.

    >>> finite(0.5), finite(float("nan")), finite(None)
    (0.5, None, None)
    """
    number = math.nan if value is None else float(value)
    return number if math.isfinite(number) else None


def spread(accuracies: Sequence[Optional[float]], consensus: Optional[float]) -> Dict[str, Optional[float]]:
    """Test accuracies: of the consensus model, and over the peers that were tested.

    >>> spread([0.5, None, 1.0], 0.75)
    {'consensus': 0.75, 'mean': 0.75, 'min': 0.5, 'max': 1.0}
    """
    known = [accuracy for accuracy in accuracies if accuracy is not None]
    return {
        "consensus": consensus, "mean": sum(known) / len(known) if known else None, "min": min(known, default=None),
        "max": max(known, default=None)}


def summary(
    told: Mapping[str, Any], figures: Sequence[Mapping[str, Any]], consensus: Optional[Mapping[str, Any]]
) -> Dict[str, Any]:
    """The summary of a run. What nobody can know from here, such as the distance of the models, is None.

    :param told: the run's keys that are nobody's: algorithm, model, and so on.
    :param figures: of the peers, each with ``PEER_KEYS``, ``peak_memory_bytes`` and ``is_complete``.
    :param consensus: loss and accuracy of the average's last test; None where there was none.
    """
    seen = sum(peer["samples"] for peer in figures)
    seconds = max((peer["train_seconds"] for peer in figures), default=0.0)
    average: Mapping[str, Any] = consensus or {}
    per_peer: List[Dict[str, Any]] = [{key: peer[key] for key in PEER_KEYS} for peer in figures]
    return {
        **told, **{key: sum(peer[key] for peer in figures) for key in _SUMS}, "per_peer": per_peer,
        "samples_seen": seen, "train_seconds": seconds, "samples_per_second": seen / seconds if seconds > 0 else 0.0,
        "test_accuracy": spread([peer["accuracy"] for peer in figures], average.get("accuracy")),
        "test_loss": average.get("loss"), "evaluated": "consensus" if consensus else None,
        "ending": "completed" if all(peer["is_complete"] for peer in figures) else "stopped",
        "consensus_distance": None, "weight_mass": None, "time_to_target_seconds": None}
