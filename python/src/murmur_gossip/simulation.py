"""Many torch peers in virtual time, on the caller's own thread: networks, machines and faults from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Type, Union

import torch

from ._core import native
from ._core.catalogue import checked_traits
from ._core.choices import Choice, split_choice
from ._core.handle import algorithm_traits, options_text, tensor_array
from ._core.simulation import Simulation, json_bytes
from ._torch.learners import Learners, Loss
from ._torch.steps import Score
from ._torch.tensors import has_momentum
from .algorithm import Algorithm, check_options, registered_name
from .errors import CallbackError, InvalidError, ViolationError

_EVENTS_A_CALL = 4096


@dataclass(frozen=True)
class Simulated:
    """What a simulation has come to."""

    ending: str
    """``completed``, ``violated``, ``diverged`` or ``abandoned``."""
    sentence: str
    """Why it ended so."""
    violations: List[Any]
    """Promises that broke; none where all is well."""
    digest: str
    """The same where two runs were the same to the bit."""
    report: Dict[str, Any]
    """All that is known of the run: messages, bytes, virtual seconds, mass, consensus distance, each learner."""
    models: List[torch.nn.Module]
    """The peers' models at the end."""
    consensus: Dict[str, torch.Tensor]
    """Their average as a state dict, with the first peer's buffers; the server's model where there is one."""

    def require(self) -> Simulated:
        """Itself, where the run was completed and no promise broke; :class:`ViolationError` else."""
        if self.violations or self.ending != "completed":
            raise ViolationError(self.sentence or f"the simulation ended {self.ending}: {self.violations}")
        return self


@dataclass(frozen=True)
class Progress:
    """Where a simulation stands."""

    steps: int
    steps_total: int
    virtual_seconds: float
    loss: float
    """Mean loss since the last time it was told."""


def simulate(
    make_model: Callable[[], torch.nn.Module],
    make_optimizer: Callable[[Iterator[torch.nn.Parameter]], torch.optim.Optimizer],
    loss: Loss, *, peers: int, steps: int, algorithm: Union[str, Type[Algorithm]] = "gosgd", topology: Choice = None,
    compression: Choice = None, network: Optional[Mapping[str, Any]] = None, faults: Sequence[Mapping[str, Any]] = (),
    stragglers: Optional[Mapping[int, float]] = None, seed: int = 1, samples: int = 0, steps_per_epoch: int = 0,
    score: Optional[Score] = None, keep_own_start: bool = False,
    progress: Optional[Callable[[Progress], None]] = None, **options: Any,
) -> Simulated:
    """Lets torch peers learn together in virtual time. The same seed gives the same run to the bit.

    :param make_model: makes a peer's model, on the CPU; all begin with the first one's parameters.
    :param make_optimizer: makes a peer's optimizer of ``model.parameters()``.
    :param loss: ``loss(model, peer, step)`` is the mean loss of the peer's batch in that step, a tensor with a
        gradient; or that and the number of samples. What a peer's batch is it says by `peer` and `step`.
    :param peers: how many.
    :param steps: steps that each makes.
    :param algorithm: a name of :func:`algorithms`, or a class of one's own.
    :param topology: who talks to whom: a name, or a mapping with ``name`` and options; the ring unless told.
    :param compression: what makes fewer bytes of vectors, likewise; nothing unless told.
    :param network: keys of ``simulation`` in experiment files, such as ``{"latency_ms": 20, "loss": 0.01}``.
    :param faults: what goes wrong, as in experiment files: ``[{"crash": 2, "at": "1s", "restart_after": "3s"}]``.
    :param stragglers: how many times slower some peers are: ``{3: 5}``.
    :param score: ``score(model)`` says how well a model does, the higher the better, for algorithms that choose.
    :param progress: called now and then with how far the simulation is.
    :param options: the algorithm's.
    :raises GossipError: for what cannot be simulated; what `loss` raises comes out as it is.
    """
    if not isinstance(peers, int) or peers < 1:
        raise InvalidError(f"peers={peers!r} is no number of peers; give 1 or more")
    if not isinstance(steps, int) or steps < 1:
        raise InvalidError(f"steps={steps!r} is no number of steps; give 1 or more")
    name = _checked_name(algorithm, options, score)
    models = [make_model() for _ in range(peers)]
    if len({id(model) for model in models}) < peers:
        raise InvalidError("make_model gives the same model twice; let it make a new one at each call")
    learners = Learners(models, [make_optimizer(model.parameters()) for model in models], loss, score)
    settings = {
        "peers": peers, "steps": steps, "samples": samples, "steps_per_epoch": steps_per_epoch, "seed": seed,
        "algorithm": native.text(name), "algorithm_options": options_text(options),
        "network": options_text(network or {}), "faults": json_bytes(list(faults)),
        "stragglers": options_text({str(peer): factor for peer, factor in (stragglers or {}).items()}),
        "optimizer_has_momentum": has_momentum(learners.optimizers[0]), "keeps_own_start": keep_own_start}
    graph, graph_options = split_choice(topology, "topology")
    settings.update(topology=native.text(graph), topology_options=options_text(graph_options))
    compressor, compressor_options = split_choice(compression, "compression")
    settings.update(compression=native.text(compressor), compression_options=options_text(compressor_options))
    try:
        with Simulation(settings, learners.functions()) as simulation:
            for table in learners.tables:
                places = table.places()
                simulation.add(tensor_array(places), len(places))
            while simulation.run(_EVENTS_A_CALL):
                if progress is not None:
                    progress(Progress(**simulation.progress()))
            return _result(simulation, learners)
    except CallbackError as error:
        if error.__cause__ is not None:
            raise error.__cause__ from None
        raise


def _checked_name(algorithm: Union[str, Type[Algorithm]], options: Dict[str, Any], score: Optional[Score]) -> str:
    if isinstance(algorithm, str):
        name, traits = algorithm, checked_traits(algorithm, options)
    else:
        name = registered_name(algorithm)
        check_options(algorithm, options)
        traits = algorithm_traits(name, options)
    if traits.needs_scores and score is None:
        raise InvalidError(
            f"{name} chooses by scores; give a function score=f, where f(model) is the better the higher")
    return name


def _result(simulation: Simulation, learners: Learners) -> Simulated:
    report = simulation.report()
    simulation.put_models()
    table = learners.tables[0]
    block = torch.empty(table.count, dtype=torch.float32)
    simulation.consensus(block.data_ptr(), table.count)
    consensus = {key: value.detach().clone() for key, value in learners.models[0].state_dict().items()}
    consensus.update((key, value.clone()) for key, value in table.views(block).items())
    return Simulated(
        ending=report.get("ending", ""), sentence=report.get("sentence") or "",
        violations=report.get("violations") or [],
        digest=str(report.get("digest", "")), report=report, models=learners.models, consensus=consensus)
