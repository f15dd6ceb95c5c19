"""A peer: one torch model and its optimizer, which gossip with those of other processes."""

from __future__ import annotations

import os
import threading
import warnings
import weakref
from typing import Any, Dict, Mapping, Optional, Tuple, Type, Union, cast

import torch

from ._core import ending
from ._core.catalogue import checked_traits
from ._core.choices import Choice, split_choice
from ._core.handle import PeerHandle, Settings, algorithm_traits
from ._core.run_folder import Place
from ._torch.steps import CommandedSteps, EagerSteps, Score, StepWay
from ._torch.tensors import ParameterTable, chosen_parameters, has_momentum
from .algorithm import Algorithm, check_options, registered_name
from .errors import ClosedError, ForkedError, GossipError, InvalidError, OutOfTurnError, StateError, WrongThreadError
from .metrics import Metrics
from .records import RunRecords

_FORMAT = 1
# Which open peer has a parameter, by the parameter's id: the peer keeps the parameter alive, and so the id its own.
_owners: Dict[int, weakref.ref[Peer]] = {}


class Peer:
    """Lets a torch model learn together with those of other processes, from within its optimizer's ordinary steps.

    ::

        peer = Peer(model, optimizer, algorithm="gosgd", probability=0.1, steps=epochs * len(loader))
        for x, y in loader:
            optimizer.zero_grad(); loss_of(model(x), y).backward(); optimizer.step()
        peer.close()

    Every process of ``python -m murmur_gossip.run``, of ``mpirun``, or of an open network runs the same script; where
    nothing has started several, the peer is alone and the model learns as it would without one, to the bit.

    The parameters stay torch's, at their addresses. They are copied when the algorithm reads or changes the model, and
    back only where others have changed it.
    Buffers, such as those of batch-norm, stay with their process. A peer belongs to the thread that made it.
    """

    def __init__(
        self, model: torch.nn.Module, optimizer: torch.optim.Optimizer,
        algorithm: Union[str, Type[Algorithm]] = "gosgd", *, steps: int = 0, topology: Choice = None,
        compression: Choice = None, transport: Choice = None, samples: int = 0, steps_per_epoch: int = 0, seed: int = 1,
        score: Optional[Score] = None, keep_own_start: bool = False, records: Optional[Place] = None, **options: Any,
    ) -> None:
        """Joins the other processes, compares with them what all are about to do, and waits until all are there.

        :param model: on its device already. What the optimizer changes of it or requires a gradient gossips.
        :param optimizer: any of torch's; schedulers go on to work on it.
        :param algorithm: a name of :func:`algorithms`, or a class of one's own.
        :param steps: steps of the optimizer that this peer will make; 0 where that is not known before.
        :param topology: who talks to whom: a name, or a mapping with ``name`` and options; all unless told.
        :param compression: what makes fewer bytes of vectors, likewise; nothing unless told.
        :param transport: the way to the others, likewise; the launcher's unless told. How long silence lasts before a
            process counts as gone is one of its options.
        :param samples: training samples of this process, where an algorithm wants to know.
        :param steps_per_epoch: steps in which it goes through them once.
        :param seed: what all draws of the algorithm follow from; the same in all processes.
        :param score: ``score(model)`` says how well a model does, the higher the better, for algorithms that choose.
        :param keep_own_start: whether this model begins as it is; else all begin with the first process' parameters.
        :param records: a new folder for the records of the run, the same in all processes; none are kept unless told.
        :param options: the algorithm's.
        :raises GossipError: with one sentence that says what is wrong and what helps.
        """
        if not isinstance(model, torch.nn.Module) or not isinstance(optimizer, torch.optim.Optimizer):
            raise InvalidError("a peer takes a torch.nn.Module and a torch.optim.Optimizer, in this order")
        for name, value in (("steps", steps), ("samples", samples), ("steps_per_epoch", steps_per_epoch)):
            if not isinstance(value, int) or value < 0:
                raise InvalidError(f"{name}={value!r} is no number of {name}; give a whole one, or 0 for unknown")
        self.model = model
        self.optimizer = optimizer
        self.is_finished = False
        """Whether the peer has made all its steps."""
        self._process = os.getpid()
        self._thread = threading.get_ident()
        self._is_closed = False
        self._has_warned = False
        parameters = chosen_parameters(model, optimizer)
        _refuse_second(parameters)
        name, traits = _known(algorithm, options)
        if traits.needs_scores and score is None:
            raise InvalidError(f"{name} chooses by scores; give a function score=f, where f(model) is the better the "
                               "higher")
        self._table = ParameterTable(parameters)
        self._settings = _settings(
            name, options, topology, compression, transport, steps=steps, samples=samples,
            steps_per_epoch=steps_per_epoch, seed=seed, optimizer_has_momentum=has_momentum(optimizer),
            keeps_own_start=keep_own_start, announces_steps=not traits.reads_gradient)
        self._records = None if records is None else RunRecords(records, self._settings)
        try:
            self._open(traits, score)
        except BaseException:
            if self._records is not None:
                self._records.give_back()
            raise
        self._hooks = [
            optimizer.register_step_pre_hook(self._before_step), optimizer.register_step_post_hook(self._after_step)]
        for parameter in parameters.values():
            _owners[id(parameter)] = weakref.ref(self)
        ending.watch(self)
        # One that nobody has any more is gone to the others, and its memory may be another one's.
        self._forgotten = weakref.finalize(self, _close_forgotten, self._handle, self._process)
        self._forgotten.atexit = False

    def _open(self, traits: Any, score: Optional[Score]) -> None:
        self._handle = PeerHandle(self._settings, self._table.places())
        try:
            self._way = self._chosen_way(bool(traits.reads_gradient), score)
            self._take(self._way.answer(self._handle.wait()))
            if self._records is not None:
                self._records.begin(self._handle, self.model, self.optimizer, int(traits.servers))
        except BaseException:
            self._handle.close()
            raise

    def _chosen_way(self, reads_gradient: bool, score: Optional[Score]) -> StepWay:
        arguments = (self.model, self.optimizer, self._table, self._handle, score)
        if not reads_gradient:
            return EagerSteps(*arguments)
        return CommandedSteps(*arguments, fills_in=self.metrics.ranks > 1)

    @property
    def rank(self) -> int:
        """This process among all, from 0."""
        return self.metrics.rank

    @property
    def ranks(self) -> int:
        """Processes at the beginning."""
        return self.metrics.ranks

    @property
    def metrics(self) -> Metrics:
        """What the peer has done so far; any thread."""
        self._refuse_closed()
        return Metrics(**cast(Any, self._handle.metrics()))

    def batch(self, loss: Any, samples: int = 0) -> None:
        """Tells the mean loss of the batch whose step comes next, for :attr:`metrics`; and its samples.

        :param loss: a number, or a tensor of one, which is read when the step is made.
        """
        self._way.loss = loss.detach() if isinstance(loss, torch.Tensor) else loss
        self._way.samples = samples

    def record(
        self, *, loss: Any = None, accuracy: Any = None, samples: int = 0, split: str = "test", consensus: bool = False
    ) -> None:
        """Writes down how well this peer's model does, or the average of all; nothing where no records are kept.

        The time since the last step counts as evaluation, and not as training.

        :param accuracy: from 0 to 1.
        :param samples: seen until now; those that the peer has counted unless told.
        :param split: which samples it was tried on: ``test``, or ``validation``.
        :param consensus: whether it is the average's; the first process writes it, and the others may say so as well.
        """
        self._refuse_elsewhere()
        if self._records is not None:
            self._records.record(loss, accuracy, samples, split, consensus)

    # What torch calls.

    def _before_step(self, optimizer: torch.optim.Optimizer, arguments: Any, keywords: Any) -> Any:
        self._refuse_elsewhere()
        if self.is_finished:
            self._warn_finished()
            return None
        if self._handle.is_waiting:
            self._resume()
        if self._records is not None:
            self._records.stepping()
        if self._table.has_moved():
            self._follow()
        changed = self._way.with_gradient(arguments, keywords)
        self._way.before()
        return changed

    def _after_step(self, optimizer: torch.optim.Optimizer, arguments: Any, keywords: Any) -> None:
        if not self.is_finished:
            self._take(self._way.after())
            if self._records is not None:
                self._records.stepped()

    def _take(self, alive: bool) -> None:
        self.is_finished = not alive

    def _resume(self) -> None:
        # Ctrl-C came while a step waited, and somebody went on all the same.
        if not isinstance(self._way, EagerSteps):
            raise OutOfTurnError("a step was interrupted while it waited for others; close the peer")
        self._take(self._way.answer(self._handle.wait()))
        if self._records is not None:
            self._records.stepped()

    def _follow(self) -> None:
        present = {id(parameter) for parameter in self.model.parameters()}
        held = {id(parameter) for group in self.optimizer.param_groups for parameter in group["params"]}
        for name, parameter in zip(self._table.names, self._table.parameters):
            if id(parameter) not in present and id(parameter) not in held:
                raise InvalidError(
                    f"parameter {name} has been replaced by another one; load weights by copying (load_state_dict "
                    "without assign=True), or make optimizer and peer again")
        former = self._table.storages
        self._handle.move(self._table.find_again())
        del former

    def _warn_finished(self) -> None:
        if not self._has_warned:
            self._has_warned = True
            warnings.warn(
                f"the peer has made its {self._settings.steps or 'last'} steps; what the optimizer does now changes "
                "this model alone", RuntimeWarning, stacklevel=4)

    # What others ask.

    def consensus(self) -> Dict[str, torch.Tensor]:
        """The exact average of all peers' models as a state dict; all processes must ask for it.

        Buffers are this process' own; for batch-norm's let ``torch.optim.swa_utils.update_bn`` make those of the
        average.
        """
        self._refuse_elsewhere()
        self._table.bring()
        block = torch.empty(self._table.count, dtype=torch.float32)
        self._handle.consensus(block.data_ptr(), self._table.count)
        averages = self._table.views(block)
        by_id = {id(parameter): averages[name] for name, parameter in zip(self._table.names, self._table.parameters)}
        state = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        for name, parameter in self.model.named_parameters(remove_duplicate=False):
            average = by_id.get(id(parameter), averages.get(name))
            if average is not None and name in state:
                state[name] = average.to(device=parameter.device, dtype=parameter.dtype).clone()
        return state

    def state_dict(self) -> Dict[str, Any]:
        """Algorithm, session and vectors, for ``torch.save``; all processes must ask for it after the same step.

        Model, optimizer and data loader have states of their own, which are saved beside it.
        """
        self._refuse_elsewhere()
        self._table.bring()
        state = torch.frombuffer(bytearray(self._handle.save()), dtype=torch.uint8)
        return {
            "format": _FORMAT, "algorithm": self._settings.algorithm, "options": dict(self._settings.algorithm_options),
            "layout": [[name, list(shape)] for name, shape in zip(self._table.names, self._table.shapes)],
            "state": state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on from such a state; all processes do, each from its own of one moment. The model takes its parameters
        from it."""
        self._refuse_elsewhere()
        missing = [key for key in ("format", "algorithm", "layout", "state") if key not in state]
        if missing or state["format"] != _FORMAT:
            raise StateError("this is no state of a peer, or one of another version; give what peer.state_dict() gave")
        if state["algorithm"] != self._settings.algorithm:
            raise StateError(f"the state is of {state['algorithm']} and this peer runs {self._settings.algorithm}")
        for (name, shape), own, own_shape in zip(state["layout"], self._table.names, self._table.shapes):
            if name != own or list(shape) != list(own_shape):
                raise StateError(f"parameter {own} is {list(own_shape)} here, and the state has {name} {list(shape)}")
        if len(state["layout"]) != len(self._table.names):
            raise StateError(f"the state has {len(state['layout'])} parameters and the model {len(self._table.names)}")
        self._take(self._way.answer(self._handle.restore(bytes(bytearray(state["state"].tolist())))))
        if self._records is not None:
            self._records.resume(self._handle)

    def adopt(self) -> None:
        """The peer belongs to the calling thread from now on."""
        self._refuse_closed()
        self._handle.adopt()
        self._thread = threading.get_ident()

    def close(self, wait: bool = True) -> None:
        """Says that this peer is done, answers the others until they are, and closes. Closing again does nothing.

        :param wait: whether the others are answered; else the peer is gone to them.
        """
        if self._is_closed or os.getpid() != self._process:
            return
        try:
            if wait:
                self._refuse_elsewhere()
            if self._records is not None:
                self._records.leave(self._handle.metrics(), self.is_finished)
            if wait:
                self._table.bring()
                self._handle.finish()
                self._way.show()
                if self._records is not None:
                    self._records.conclude()
        finally:
            self._release()

    def _release(self) -> None:
        self._is_closed = True
        self._forgotten.detach()
        for hook in self._hooks:
            hook.remove()
        for parameter in self._table.parameters:
            _owners.pop(id(parameter), None)
        self._handle.close()

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Any) -> None:
        self.close(wait=kind is None)

    def _refuse_closed(self) -> None:
        if self._is_closed:
            raise ClosedError("the peer is closed; make another one")
        if os.getpid() != self._process:
            raise ForkedError("this process was forked off from the peer's; make a peer in a process of its own")

    def _refuse_elsewhere(self) -> None:
        self._refuse_closed()
        if threading.get_ident() != self._thread:
            raise WrongThreadError("the peer belongs to another thread; step there, or call peer.adopt() here first")


def _close_forgotten(handle: PeerHandle, process: int) -> None:
    if os.getpid() == process:
        handle.close()


def _refuse_second(parameters: Mapping[str, torch.Tensor]) -> None:
    for name, parameter in parameters.items():
        owner = _owners.get(id(parameter))
        peer = owner() if owner is not None else None
        if peer is not None and not peer._is_closed:
            raise InvalidError(f"parameter {name} belongs to an open peer; close that one first")


def _known(algorithm: Union[str, Type[Algorithm]], options: Dict[str, Any]) -> Tuple[str, Any]:
    if isinstance(algorithm, str):
        return algorithm, checked_traits(algorithm, options)
    name = registered_name(algorithm)
    check_options(algorithm, options)
    return name, algorithm_traits(name, options)


def _settings(
    name: str, options: Mapping[str, Any], topology: Choice, compression: Choice, transport: Choice, **others: Any
) -> Settings:
    graph, compressor, way = (
        split_choice(choice, what) for choice, what in (
            (topology, "topology"), (compression, "compression"), (transport, "transport")))
    try:
        return Settings(
            algorithm=name, algorithm_options=options, topology=graph[0], topology_options=graph[1],
            compression=compressor[0], compression_options=compressor[1], transport=way[0], transport_options=way[1],
            **others)
    except TypeError as error:
        raise GossipError(str(error)) from error
