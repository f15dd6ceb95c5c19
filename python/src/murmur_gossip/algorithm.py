"""Algorithms written in Python: a class that takes events and says what should happen.

The same class runs on processes with torch (:class:`Peer`), in the simulator under faults (:func:`simulate`), and in
the battery of random worlds (:func:`check`).
"""

from __future__ import annotations

import inspect
import re
from typing import Any, Callable, ClassVar, Dict, FrozenSet, List, Optional, Sequence, Tuple, Type

from .effects import Effects
from .errors import InvalidError, unknown
from .vocabulary import MODEL, Event, Invariant, Term

Row = List[Tuple[int, float]]
"""Peers and the weights that one of them puts on their values, its own among them, ascending by peer."""


class Setup:
    """What an algorithm knows of the run when it begins."""

    def __init__(
        self, me: int = 0, peers: int = 1, *, seed: int = 1, steps: int = 0, samples: int = 0, steps_per_epoch: int = 0,
        is_server: bool = False, is_joiner: bool = False, is_open: bool = False, optimizer_has_momentum: bool = False,
        joiners: Sequence[int] = (), row: Optional[Callable[[int, int], Row]] = None,
        receivers: Optional[Callable[[int, int], List[int]]] = None,
    ) -> None:
        """
        :param row: ``row(receiver, round)``, and
        :param receivers: ``receivers(sender, round)``: the graph; nobody else where they are left out.
        """
        self.me = me
        """This peer. Learners are 0 to peers - 1, servers come behind them."""
        self.peers = peers
        self.seed = seed
        self.steps = steps
        """Steps that this peer is to make."""
        self.samples = samples
        """Training samples of this peer."""
        self.steps_per_epoch = steps_per_epoch
        self.is_server = is_server
        self.is_joiner = is_joiner
        self.is_open = is_open
        self.optimizer_has_momentum = optimizer_has_momentum
        self.joiners = tuple(joiners)
        """Those who join later."""
        self._row = row or (lambda receiver, round: [(receiver, 1.0)])
        self._receivers = receivers or (lambda sender, round: [])

    def row(self, round: int) -> Row:
        """The weights that this peer puts on the values of others in a round, its own among them."""
        return self._row(self.me, round)

    def others(self, round: int) -> Row:
        """The same without its own."""
        return [(peer, weight) for peer, weight in self.row(round) if peer != self.me]

    def receivers(self, round: int) -> List[int]:
        """Whom this peer sends to in a round."""
        return self._receivers(self.me, round)


class Algorithm:
    """A training algorithm.

    A subclass says by its class attributes what is known of it before it is made, takes its options as keywords of
    ``__init__``, and answers events in :meth:`handle`. Its attributes are its state: plain numbers, texts, lists,
    tuples, sets, dictionaries, and the values of this package. It asks no clock but ``effects.now``, and draws from
    :class:`Random` alone, so that the same seed gives the same run.
    """

    name: ClassVar[str] = ""
    """By which it is known; made of the class' own unless told: ``MyGossip`` is ``my-gossip``."""
    lives_through: ClassVar[FrozenSet[str]] = frozenset()
    """Of ``crash``, ``restart``, ``join``, ``leave``: what may befall a peer while the others make their steps."""
    needs: ClassVar[FrozenSet[str]] = frozenset()
    """Of ``row-stochastic``, ``column-stochastic``, ``doubly-stochastic``, ``symmetric``, ``connected``, ``bipartite``,
    ``positive-diagonal``, ``constant``: what it needs of the graph and its weights."""
    graph_use: ClassVar[str] = "none"
    """``none``; ``edges``: who may send to whom; ``weights``: also how peers weigh each other."""
    servers: ClassVar[int] = 0
    is_lock_step: ClassVar[bool] = False
    """Whether peers wait for each other in every step, so that all end after the same one."""
    keeps_step_with_neighbours: ClassVar[bool] = False
    """Whether every step waits for those from whom the graph lets this peer hear in it."""
    brings_momentum: ClassVar[bool] = False
    """Whether it has a momentum of its own, so that an optimizer with one is refused."""
    reads_gradient: ClassVar[bool] = False
    """Whether it names the gradient beside ``update``, or takes directions along it."""
    needs_scores: ClassVar[bool] = False
    scores_loss: ClassVar[bool] = False
    """Whether a score is to be the loss below nothing."""
    is_open: ClassVar[bool] = False
    """Whether it needs no list of all peers."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        """What is known of the run; no part of the state."""

    def handle(self, event: Event, effects: Effects) -> None:
        """Handles one event; says what should happen."""
        raise NotImplementedError

    @property
    def evaluated(self) -> Term:
        """What is tested and saved."""
        return Term(1, MODEL)

    @property
    def invariants(self) -> List[Invariant]:
        """What is conserved, for the checkers."""
        return []

    @property
    def steps_missed(self) -> int:
        """Steps that the others had made when this peer joined."""
        return 0

    @property
    def awaits_next_step(self) -> bool:
        """Whether the last step is over although no gradient is asked for, since the next begins by waiting."""
        return False


def name_of(kind: Type[Algorithm]) -> str:
    """The name by which a class is known.

    >>> class MyGossip(Algorithm): pass
    >>> name_of(MyGossip)
    'my-gossip'
    """
    return kind.name or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind.__name__).lower()


def options_of(kind: Type[Algorithm]) -> Dict[str, Any]:
    """The options of a class with their defaults."""
    parameters = list(inspect.signature(kind.__init__).parameters.values())[2:]
    return {parameter.name: parameter.default for parameter in parameters}


def check_options(kind: Type[Algorithm], options: Dict[str, Any]) -> None:
    """Refuses options that the class does not have, with the nearest that it has."""
    known = options_of(kind)
    for name in options:
        if name not in known:
            raise unknown(f"option of {name_of(kind)} named", name, known)


def registered_name(kind: Type[Algorithm]) -> str:
    """The name of a class, which is known to the library from now on."""
    if not (isinstance(kind, type) and issubclass(kind, Algorithm)):
        raise InvalidError(
            "algorithm is the name of one, or a class that inherits from murmur_gossip.Algorithm (not an instance)")
    from ._core.foreign import register  # Opens the library, which the vocabulary alone does not need.

    register(kind)
    return name_of(kind)
