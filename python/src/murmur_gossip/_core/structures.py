"""The structures of murmur_algorithm.h, and events and effects to and from them."""

from __future__ import annotations

import ctypes
from ctypes import (
    CFUNCTYPE, POINTER, c_char_p, c_double, c_float, c_int32, c_int64, c_uint8, c_uint32, c_uint64, c_void_p)
from typing import Any, Callable, Dict, Optional

from ..vocabulary import (
    Averaged, Delivered, Effect, End, Event, GradientReady, Leave, Measured, Metadata, PeerJoined, PeerLeft,
    Received, Returned, Scored, Start, Stop, Term, Timer, Vector)


class VectorStruct(ctypes.Structure):
    """``murmur_vector``."""

    _fields_ = [("kind", c_uint32), ("number", c_uint32), ("id", c_uint64)]


class PartStruct(ctypes.Structure):
    """``murmur_part``."""

    _fields_ = [("index", c_uint32), ("count", c_uint32)]


class TermStruct(ctypes.Structure):
    """``murmur_term``."""

    _fields_ = [
        ("weight", c_double),
        ("vector", VectorStruct),
        ("origin", VectorStruct),
        ("part", PartStruct),
        ("has_origin", c_uint32),
        ("reserved", c_uint32),
    ]


class MetadataStruct(ctypes.Structure):
    """``murmur_metadata``."""

    _fields_ = [("round", c_uint64), ("weight", c_double), ("tag", c_uint32), ("reserved", c_uint32)]


class EventStruct(ctypes.Structure):
    """``murmur_event``."""

    _fields_ = [
        ("size", c_uint32),
        ("kind", c_uint32),
        ("now_nanoseconds", c_int64),
        ("loss", c_float),
        ("learning_rate", c_float),
        ("samples", c_uint64),
        ("vector", VectorStruct),
        ("score", c_double),
        ("distances", POINTER(c_double)),
        ("distance_count", c_uint64),
        ("metadata", MetadataStruct),
        ("payload", c_uint64),
        ("has_payload", c_uint32),
        ("peer", c_uint32),
        ("message", c_uint64),
        ("timer", c_uint64),
        ("step", c_uint64),
    ]


class EffectStruct(ctypes.Structure):
    """``murmur_effect``."""

    _fields_ = [
        ("size", c_uint32),
        ("kind", c_uint32),
        ("vector", VectorStruct),
        ("point", VectorStruct),
        ("along", VectorStruct),
        ("memory", VectorStruct),
        ("part", PartStruct),
        ("has_vector", c_uint32),
        ("has_memory", c_uint32),
        ("terms", POINTER(TermStruct)),
        ("term_count", c_uint64),
        ("metadata", MetadataStruct),
        ("peer", c_uint32),
        ("rule", c_uint32),
        ("numbers", c_double * 2),
        ("bucket", c_uint64),
        ("deviation", c_double),
        ("seed", c_uint64),
        ("payload", c_uint64),
        ("timer", c_uint64),
        ("at_nanoseconds", c_int64),
        ("reason", c_char_p),
    ]


class WeightStruct(ctypes.Structure):
    """``murmur_weight``."""

    _fields_ = [("peer", c_uint32), ("reserved", c_uint32), ("weight", c_double)]


class SetupStruct(ctypes.Structure):
    """``murmur_setup``."""

    _fields_ = [
        ("size", c_uint32),
        ("me", c_uint32),
        ("peers", c_uint32),
        ("is_server", c_uint32),
        ("is_joiner", c_uint32),
        ("is_open", c_uint32),
        ("optimizer_has_momentum", c_uint32),
        ("joiner_count", c_uint32),
        ("joiners", POINTER(c_uint32)),
        ("seed", c_uint64),
        ("samples", c_uint64),
        ("steps_per_epoch", c_uint64),
        ("steps", c_uint64),
        ("graph", c_void_p),
    ]


class InvariantStruct(ctypes.Structure):
    """``murmur_invariant``."""

    _fields_ = [("name", c_char_p), ("total", c_double), ("held", c_double), ("tolerance", c_double)]


class StandingStruct(ctypes.Structure):
    """``murmur_standing``."""

    _fields_ = [
        ("size", c_uint32),
        ("awaits_next_step", c_uint32),
        ("steps_missed", c_uint64),
        ("evaluated", TermStruct),
        ("invariants", POINTER(InvariantStruct)),
        ("invariant_count", c_uint64),
    ]


MAKE = CFUNCTYPE(
    c_int32, c_void_p, POINTER(SetupStruct), c_char_p, POINTER(c_void_p), POINTER(StandingStruct), POINTER(c_void_p))
COPY = CFUNCTYPE(c_int32, c_void_p, c_void_p, POINTER(c_void_p))
RELEASE = CFUNCTYPE(None, c_void_p, c_void_p)
HANDLE = CFUNCTYPE(c_int32, c_void_p, c_void_p, POINTER(EventStruct), c_void_p, POINTER(StandingStruct))
SAVE = CFUNCTYPE(c_int32, c_void_p, c_void_p, POINTER(c_void_p), POINTER(c_uint64))
RESTORE = CFUNCTYPE(c_int32, c_void_p, POINTER(SetupStruct), POINTER(c_uint8), c_uint64, POINTER(c_void_p))


class AlgorithmStruct(ctypes.Structure):
    """``murmur_algorithm``."""

    _fields_ = [
        ("size", c_uint32),
        ("name", c_char_p),
        ("summary", c_char_p),
        ("lives_through", c_uint32),
        ("needs", c_uint32),
        ("graph_use", c_uint32),
        ("servers", c_uint32),
        ("is_lock_step", c_uint32),
        ("keeps_step_with_neighbours", c_uint32),
        ("brings_momentum", c_uint32),
        ("reads_gradient", c_uint32),
        ("needs_scores", c_uint32),
        ("scores_loss", c_uint32),
        ("is_open", c_uint32),
        ("reserved", c_uint32),
        ("context", c_void_p),
        ("make", MAKE),
        ("copy", COPY),
        ("release", RELEASE),
        ("handle", HANDLE),
        ("save", SAVE),
        ("restore", RESTORE),
    ]


def _received(event: Any) -> Optional[Vector]:
    return Vector(3, 0, event.payload) if event.has_payload else None


def _metadata(event: Any) -> Metadata:
    return Metadata(event.metadata.round, event.metadata.weight, event.metadata.tag)


_EVENTS: Dict[int, Callable[[Any], Event]] = {
    0: lambda event: Start(),
    1: lambda event: GradientReady(event.loss, event.learning_rate, event.samples),
    2: lambda event: Averaged(Vector(event.vector.kind, event.vector.number, event.vector.id)),
    3: lambda event: Scored(event.score),
    4: lambda event: Measured(tuple(event.distances[: event.distance_count])),
    5: lambda event: Received(_received(event), _metadata(event), event.peer),
    6: lambda event: Delivered(event.message),
    7: lambda event: Returned(event.message, _received(event)),
    8: lambda event: PeerJoined(event.peer),
    9: lambda event: PeerLeft(event.peer),
    10: lambda event: Timer(event.timer),
    11: lambda event: Stop(event.step),
    12: lambda event: Leave(),
    13: lambda event: End(),
}

EFFECT_KINDS = {
    "gradient": 0, "update": 1, "direction": 2, "combine": 3, "noise": 4, "average": 7, "score": 8, "measure": 9,
    "send": 10, "reset_optimizer": 11, "keep": 12, "release": 13, "timer": 14, "finish": 15, "abandon": 16}


def event_of(struct: Any) -> Optional[Event]:
    """The event of a structure; None for one of a kind that this package does not know."""
    make = _EVENTS.get(struct.kind)
    return make(struct) if make else None


def term_struct(term: Term, into: Optional[TermStruct] = None) -> TermStruct:
    """A term as C takes it."""
    struct = TermStruct() if into is None else into
    struct.weight = term.weight
    struct.vector = term.vector
    if term.minus is not None:
        struct.origin = term.minus
        struct.has_origin = 1
    if term.part is not None:
        struct.part = term.part
    return struct


def effect_struct(effect: Effect) -> EffectStruct:
    """An effect as C takes it."""
    struct = EffectStruct(size=ctypes.sizeof(EffectStruct), kind=EFFECT_KINDS[effect.kind])
    if effect.vector is not None:
        struct.vector = effect.vector
        struct.has_vector = 1
    if effect.point is not None and effect.along is not None:
        struct.point = effect.point
        struct.along = effect.along
    if effect.part is not None:
        struct.part = effect.part
    if effect.terms:
        terms = (TermStruct * len(effect.terms))()
        for index, term in enumerate(effect.terms):
            term_struct(term, terms[index])
        struct.terms = terms
        struct.term_count = len(effect.terms)
    struct.metadata.round, struct.metadata.weight, struct.metadata.tag = effect.metadata
    struct.peer = effect.peer
    struct.payload = effect.payload
    struct.timer = effect.timer
    struct.at_nanoseconds = round(effect.at_seconds * 1e9)
    struct.deviation = effect.deviation
    struct.seed = effect.seed
    struct.reason = effect.reason.encode() or None
    return struct
