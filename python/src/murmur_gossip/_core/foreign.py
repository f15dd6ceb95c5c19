"""Algorithms in Python as the library knows them: the callbacks of murmur_algorithm.h, and registration."""

from __future__ import annotations

import ctypes
import itertools
import json
import threading
from typing import Any, Callable, Dict, List, Type

from . import native, structures
from .state import copied, of_bytes, to_bytes
from .structures import AlgorithmStruct, SetupStruct, WeightStruct
from ..algorithm import Algorithm, Row, Setup, check_options, name_of
from ..effects import Effects
from ..errors import GossipError, InvalidError
from ..vocabulary import Effect

_FAULTS = {"crash": 1, "restart": 2, "join": 32, "leave": 64}
_NEEDS = {
    "row-stochastic": 1, "column-stochastic": 2, "doubly-stochastic": 4, "symmetric": 8, "connected": 16,
    "bipartite": 32, "positive-diagonal": 64, "constant": 128}
_GRAPH_USES = {"none": 0, "edges": 1, "weights": 2}

_registered: Dict[str, Registration] = {}
# What the library reads after a callback has returned: alive until the same thread's next one.
_kept = threading.local()


class _NativeEffects(Effects):
    """Effects that go to the library as they are asked for."""

    def __init__(self, address: int, now: float) -> None:
        super().__init__(now)
        self._address = address
        self._message = ctypes.c_uint64()

    def _add(self, effect: Effect) -> int:
        struct = structures.effect_struct(effect)
        native.check(
            native.library().murmur_effects_add(self._address, ctypes.byref(struct), ctypes.byref(self._message)))
        return self._message.value


def _graph_rows(graph: int) -> Callable[[int, int], Row]:
    function = native.library().murmur_graph_row

    def row(receiver: int, round: int) -> Row:
        count = ctypes.c_uint64()
        native.check(function(graph, receiver, round, None, 0, ctypes.byref(count)))
        weights = (WeightStruct * max(count.value, 1))()
        native.check(function(graph, receiver, round, weights, count.value, ctypes.byref(count)))
        return [(weight.peer, weight.weight) for weight in weights[: count.value]]

    return row


def _graph_receivers(graph: int) -> Callable[[int, int], List[int]]:
    function = native.library().murmur_graph_receivers

    def receivers(sender: int, round: int) -> List[int]:
        count = ctypes.c_uint64()
        native.check(function(graph, sender, round, None, 0, ctypes.byref(count)))
        peers = (ctypes.c_uint32 * max(count.value, 1))()
        native.check(function(graph, sender, round, peers, count.value, ctypes.byref(count)))
        return list(peers[: count.value])

    return receivers


def _setup_of(struct: SetupStruct) -> Setup:
    return Setup(
        struct.me, struct.peers, seed=struct.seed, steps=struct.steps, samples=struct.samples,
        steps_per_epoch=struct.steps_per_epoch, is_server=bool(struct.is_server), is_joiner=bool(struct.is_joiner),
        is_open=bool(struct.is_open), optimizer_has_momentum=bool(struct.optimizer_has_momentum),
        joiners=struct.joiners[: struct.joiner_count], row=_graph_rows(struct.graph),
        receivers=_graph_receivers(struct.graph))


def _state_of(instance: Algorithm) -> Dict[str, Any]:
    return {name: value for name, value in vars(instance).items() if name != "setup"}


def _sum(kind: Type[Algorithm], attribute: str, numbers: Dict[str, int]) -> int:
    total = 0
    for word in getattr(kind, attribute):
        if word not in numbers:
            raise InvalidError(f"{kind.__name__}.{attribute} names {word!r}; there are {', '.join(numbers)}")
        total |= numbers[word]
    return total


class Registration:
    """One class, its instances by number, and the functions that the library calls."""

    def __init__(self, kind: Type[Algorithm]) -> None:
        self.kind = kind
        self._instances: Dict[int, Algorithm] = {}
        self._numbers = itertools.count(1)
        self._tells = {
            name: getattr(kind, name) is not getattr(Algorithm, name)
            for name in ("evaluated", "invariants", "steps_missed", "awaits_next_step")}
        if kind.graph_use not in _GRAPH_USES:
            raise InvalidError(f"{kind.__name__}.graph_use is {kind.graph_use!r}; there are {', '.join(_GRAPH_USES)}")
        self.struct = AlgorithmStruct(
            size=ctypes.sizeof(AlgorithmStruct),
            name=name_of(kind).encode(),
            summary=next(iter((kind.__doc__ or name_of(kind)).strip().splitlines()), "").encode(),
            lives_through=_sum(kind, "lives_through", _FAULTS),
            needs=_sum(kind, "needs", _NEEDS),
            graph_use=_GRAPH_USES[kind.graph_use],
            servers=kind.servers,
            is_lock_step=kind.is_lock_step,
            keeps_step_with_neighbours=kind.keeps_step_with_neighbours,
            brings_momentum=kind.brings_momentum,
            reads_gradient=kind.reads_gradient,
            needs_scores=kind.needs_scores,
            scores_loss=kind.scores_loss,
            is_open=kind.is_open,
            make=structures.MAKE(self._make),
            copy=structures.COPY(native.guarded(self._copy)),
            release=structures.RELEASE(self._release),
            handle=structures.HANDLE(native.guarded(self._handle)),
            save=structures.SAVE(native.guarded(self._save)),
            restore=structures.RESTORE(native.guarded(self._restore)),
        )

    def _add(self, instance: Algorithm) -> int:
        number = next(self._numbers)
        self._instances[number] = instance
        return number

    def _make(
        self, context: Any, setup: Any, options: bytes, instance: Any, standing: Any, refusal: Any
    ) -> int:
        try:
            keywords = json.loads(options.decode()) if options else {}
            check_options(self.kind, keywords)
            made = self.kind(_setup_of(setup.contents), **keywords)
            instance[0] = self._add(made)
            self._tell(made, standing.contents)
            return 0
        except BaseException as error:
            if not isinstance(error, GossipError):
                native.remember(error)
            _kept.sentence = ctypes.create_string_buffer(str(error).encode() or type(error).__name__.encode())
            refusal[0] = ctypes.addressof(_kept.sentence)
            return 1

    def _copy(self, instance: int, copy: Any) -> None:
        original = self._instances[instance]
        made = self.kind.__new__(self.kind)
        made.setup = original.setup
        vars(made).update({name: copied(value, name) for name, value in _state_of(original).items()})
        copy[0] = self._add(made)

    def _release(self, context: Any, instance: int) -> None:
        self._instances.pop(instance, None)

    def _handle(self, instance: int, struct: Any, effects: int, standing: Any) -> None:
        algorithm = self._instances[instance]
        event = structures.event_of(struct.contents)
        if event is not None:
            algorithm.handle(event, _NativeEffects(effects, struct.contents.now_nanoseconds * 1e-9))
            self._tell(algorithm, standing.contents)

    def _tell(self, algorithm: Algorithm, standing: Any) -> None:
        if self._tells["evaluated"]:
            structures.term_struct(algorithm.evaluated, standing.evaluated)
        if self._tells["steps_missed"]:
            standing.steps_missed = algorithm.steps_missed
        if self._tells["awaits_next_step"]:
            standing.awaits_next_step = algorithm.awaits_next_step
        if self._tells["invariants"]:
            laws: List[Any] = [(law.name.encode(), law.total, law.held, law.tolerance) for law in algorithm.invariants]
            _kept.laws = (structures.InvariantStruct * max(len(laws), 1))(*laws)
            standing.invariants = _kept.laws
            standing.invariant_count = len(laws)

    def _save(self, instance: int, bytes_address: Any, count: Any) -> None:
        data = to_bytes(_state_of(self._instances[instance]))
        _kept.state = ctypes.create_string_buffer(data, len(data))
        bytes_address[0] = ctypes.addressof(_kept.state)
        count[0] = len(data)

    def _restore(self, setup: Any, data: Any, count: int, instance: Any) -> None:
        made = self.kind.__new__(self.kind)
        made.setup = _setup_of(setup.contents)
        vars(made).update(of_bytes(ctypes.string_at(data, count)))
        instance[0] = self._add(made)


def register(kind: Type[Algorithm]) -> None:
    """Makes a class known to the library by its name, once; another class of that name takes its place."""
    name = name_of(kind)
    if name in _registered and _registered[name].kind is kind:
        return
    library = native.library()
    vectors = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint64]
    length = ctypes.POINTER(ctypes.c_uint64)
    native.declare(library, {
        "murmur_algorithm_register": [ctypes.POINTER(AlgorithmStruct)],
        "murmur_effects_add": [ctypes.c_void_p, ctypes.POINTER(structures.EffectStruct), length],
        "murmur_graph_row": [*vectors, ctypes.POINTER(WeightStruct), ctypes.c_uint64, length],
        "murmur_graph_receivers": [*vectors, ctypes.POINTER(ctypes.c_uint32), ctypes.c_uint64, length],
    })
    registration = Registration(kind)
    native.check(library.murmur_algorithm_register(ctypes.byref(registration.struct)))
    # Kept forever, with those that it replaces: peers that run may still call them.
    _forever.append(registration)
    _registered[name] = registration


_forever: List[Registration] = []
