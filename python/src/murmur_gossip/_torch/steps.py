"""What happens around one step of a torch optimizer, in the two ways that algorithms need.

Most are eager: torch steps, and one call takes the parameters over. Those that read or change the gradient first, such
as all-reduce, are told it before the step and then say what the optimizer is to do.
"""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, Optional, Tuple

import torch

from .._core import native
from .._core.handle import PeerHandle, pointer_array
from .tensors import GradientTable, ParameterTable
from ..errors import GossipError, InvalidError

Score = Callable[[torch.nn.Module], float]


class StepWay:
    """What both ways have in common: batches, commands, and what torch is shown of what the library wrote."""

    def __init__(
        self, model: torch.nn.Module, optimizer: torch.optim.Optimizer, table: ParameterTable, handle: PeerHandle,
        score: Optional[Score],
    ) -> None:
        self.model = model
        self.optimizer = optimizer
        self.table = table
        self.handle = handle
        self.score = score
        self.loss: Any = None
        self.samples = 0

    def before(self) -> bool:
        """Before torch's step; whether the peer takes further steps."""
        return True

    def with_gradient(
        self, arguments: Tuple[Any, ...], keywords: Dict[str, Any],
    ) -> Optional[Tuple[Tuple[Any, ...], Dict[str, Any]]]:
        """What torch's step is called with, where the gradient must be there before it; None where that is nothing
        else."""
        return None

    def after(self) -> bool:
        """After it, with the parameters of the next gradient in place; whether the peer takes further steps."""
        raise NotImplementedError

    def batch(self) -> Any:
        """Loss, samples and learning rate of this step, the loss NaN where nobody told it."""
        loss = math.nan if self.loss is None else float(self.loss)
        samples, self.loss, self.samples = self.samples, None, 0
        return loss, samples, float(self.optimizer.param_groups[0]["lr"])

    def show(self) -> None:
        """Shows torch the parameters, where the library wrote some; and lets the optimizer forget, where it is to."""
        command = self.handle.command
        if command.wrote_parameters:
            self.table.show()
        if command.resets_optimizer:
            self.optimizer.state.clear()

    def answer(self, alive: bool) -> bool:
        """Carries out scores until the next command is another one; whether there are further steps."""
        while alive and self.handle.command.action == native.ACTION_SCORE:
            self.show()
            alive = self.handle.done(self._scored())
        self.show()
        return alive

    def _scored(self) -> float:
        if self.score is None:
            raise InvalidError("the algorithm chooses by scores; give Peer a function score=f, where f(model) is the "
                               "better the higher")
        modes = [(module, module.training) for module in self.model.modules()]
        self.model.eval()
        try:
            with torch.no_grad():
                return float(self.score(self.model))
        finally:
            for module, mode in modes:
                module.training = mode


class EagerSteps(StepWay):
    """Torch steps first."""

    def before(self) -> bool:
        """Tells that the parameters are about to change: the library may have no copy of them."""
        self.handle.stepping()
        return True

    def after(self) -> bool:
        """Tells that torch has stepped, and waits for the next gradient's turn."""
        self.table.bring()
        return self.answer(self.handle.step(*self.batch()))


class CommandedSteps(StepWay):
    """The gradient goes to the algorithm first, which then lets the optimizer step."""

    def __init__(self, *arguments: Any, fills_in: bool) -> None:
        """
        :param fills_in: whether parameters without a gradient get one of zeros, which others may add to.
        """
        super().__init__(*arguments)
        self._gradients = GradientTable(self.table)
        self._fills_in = fills_in
        self._hides = False
        self._ended = False
        self._addresses: Any = None

    def with_gradient(
        self, arguments: Tuple[Any, ...], keywords: Dict[str, Any],
    ) -> Optional[Tuple[Tuple[Any, ...], Dict[str, Any]]]:
        """A closure is called before the step, so that it does not put another gradient in the place of the
        algorithm's."""
        closure = arguments[1] if len(arguments) > 1 else keywords.get("closure")
        if closure is None:
            return None
        return (arguments[0], _CalledOnce(closure), *arguments[2:]), {
            key: value for key, value in keywords.items() if key != "closure"}

    def before(self) -> bool:
        """Tells the gradients; afterwards torch's own step is the one that the algorithm wants."""
        if getattr(self.optimizer, "grad_scale", None) is not None:
            raise InvalidError(
                "the gradients are still scaled; call scaler.unscale_(optimizer) before scaler.step(optimizer), and "
                "make the optimizer without fused=True")
        self.table.bring()
        self._addresses = pointer_array(self._gradients.addresses(self._fills_in))
        return self._prepare(self.answer(self.handle.gradient(self._addresses, *self.batch())))

    def after(self) -> bool:
        """Tells that the step is made, and makes those that the algorithm wants still."""
        if self._hides:
            self._hides = False
            self._gradients.bring_back()
            return not self._ended
        alive = self._done()
        while alive and self.handle.command.action == native.ACTION_STEP:
            self._show_gradients()
            _plain_step(self.optimizer)
            alive = self._done()
        return alive

    def _prepare(self, alive: bool) -> bool:
        if alive and self.handle.command.action == native.ACTION_STEP:
            self._show_gradients()
        else:
            # The algorithm wants no step of the optimizer this time: torch's own shall change nothing.
            self._gradients.hide()
            self._hides = True
        self._ended = not alive
        return alive

    def _done(self) -> bool:
        self.table.bring()
        return self.answer(self.handle.done())

    def _show_gradients(self) -> None:
        if self.handle.command.wrote_gradients:
            self._gradients.show()


class _CalledOnce:
    """A closure that was called already, for an optimizer that asks for the loss and its gradient once a step."""

    def __init__(self, closure: Callable[[], Any]) -> None:
        with torch.enable_grad():
            self._answer = closure()
        self._was_asked = False

    def __call__(self) -> Any:
        if self._was_asked:
            raise InvalidError(
                "the optimizer computes its gradient several times in a step, and the algorithm changes it once before "
                "the step; take another optimizer, or an algorithm that lets torch step first, such as gosgd")
        self._was_asked = True
        return self._answer


def _plain_step(optimizer: torch.optim.Optimizer) -> None:
    """An optimizer's step without the hooks and counters around it."""
    step = getattr(type(optimizer).step, "__wrapped__", None)
    if step is None:
        raise GossipError(
            f"{type(optimizer).__name__} hides its step; use an optimizer whose class defines step itself")
    with torch.no_grad():
        step(optimizer)
