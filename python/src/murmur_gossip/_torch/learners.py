"""The torch half of simulated peers: their gradients, steps and states, as the simulation calls for them."""

from __future__ import annotations

import ctypes
import io
from typing import Any, Callable, Dict, Optional, Sequence, Tuple, Union

import torch

from .._core import native, simulation
from .steps import Score
from .tensors import ParameterTable, chosen_parameters, is_direct
from ..errors import InvalidError

Loss = Callable[[torch.nn.Module, int, int], Union[torch.Tensor, Tuple[torch.Tensor, int]]]
"""``loss(model, peer, step)``: the mean loss of a batch, or that and its samples."""


class Learners:
    """Models, optimizers and their places of all simulated peers."""

    def __init__(
        self, models: Sequence[torch.nn.Module], optimizers: Sequence[torch.optim.Optimizer], loss: Loss,
        score: Optional[Score],
    ) -> None:
        self.models = list(models)
        self.optimizers = list(optimizers)
        self.tables = [
            ParameterTable(chosen_parameters(model, optimizer)) for model, optimizer in zip(models, optimizers)]
        for name, parameter in zip(self.tables[0].names, self.tables[0].parameters):
            if not is_direct(parameter):
                raise InvalidError(
                    f"parameter {name} is {parameter.dtype} on {parameter.device}; simulated peers are float32 on the "
                    "CPU")
        self._loss = loss
        self._score = score
        self._steps = [0] * len(models)
        self._count = self.tables[0].count
        self._blocks: Dict[int, Tuple[torch.Tensor, Dict[str, torch.Tensor]]] = {}
        self._kept: Any = None

    def functions(self) -> simulation.LearningStruct:
        """What the simulation calls."""
        return simulation.LearningStruct(
            size=ctypes.sizeof(simulation.LearningStruct),
            gradient=simulation.GRADIENT(native.guarded(self._gradient)),
            step=simulation.STEP(native.guarded(self._step)),
            reset=simulation.RESET(native.guarded(self._reset)),
            score=simulation.SCORE(native.guarded(self._scored)),
            save=simulation.SAVE(native.guarded(self._save)),
            restore=simulation.RESTORE(native.guarded(self._restore)),
        )

    def _gradient(self, peer: int, target: Optional[int], batch: Any) -> None:
        model, optimizer = self.models[peer], self.optimizers[peer]
        optimizer.zero_grad()
        step = self._steps[peer]
        self._steps[peer] = step + 1
        answer = self._loss(model, peer, step)
        loss, samples = answer if isinstance(answer, tuple) else (answer, 0)
        loss.backward()  # type: ignore[no-untyped-call]
        table = self.tables[peer]
        if table.has_moved():
            raise InvalidError("a parameter has moved while it was simulated; leave models where they are")
        struct = batch[0]
        struct.loss = loss.item()
        struct.samples = samples
        struct.learning_rate = float(optimizer.param_groups[0]["lr"])
        if target:
            views = self._views(target)
            for name, parameter in zip(table.names, table.parameters):
                if parameter.grad is None:
                    views[name].zero_()
                else:
                    views[name].copy_(parameter.grad)

    def _step(self, peer: int, along: Optional[int]) -> None:
        if along:
            table = self.tables[peer]
            views = self._views(along)
            for name, parameter in zip(table.names, table.parameters):
                if parameter.grad is None:
                    parameter.grad = views[name].clone()
                else:
                    parameter.grad.copy_(views[name])
        self.optimizers[peer].step()

    def _views(self, address: int) -> Dict[str, torch.Tensor]:
        """The numbers at an address as tensors; the library uses few blocks again and again."""
        if address not in self._blocks:
            if len(self._blocks) > 64:
                self._blocks.clear()
            memory = (ctypes.c_float * self._count).from_address(address)
            block = torch.frombuffer(memory, dtype=torch.float32)
            self._blocks[address] = (block, self.tables[0].views(block))
        return self._blocks[address][1]

    def _reset(self, peer: int) -> None:
        self.optimizers[peer].state.clear()

    def _scored(self, peer: int, scores_loss: int, score: Any) -> None:
        if self._score is None:
            raise InvalidError("the algorithm chooses by scores; give a function score=f")
        model = self.models[peer]
        modes = [(module, module.training) for module in model.modules()]
        model.eval()
        with torch.no_grad():
            score[0] = float(self._score(model))
        for module, mode in modes:
            module.training = mode

    def _save(self, peer: int, bytes_address: Any, count: Any) -> None:
        buffer = io.BytesIO()
        gradients = [parameter.grad for parameter in self.tables[peer].parameters]
        buffers = dict(self.models[peer].named_buffers())
        torch.save(
            {"optimizer": self.optimizers[peer].state_dict(), "gradients": gradients, "step": self._steps[peer],
             "buffers": buffers}, buffer)
        data = buffer.getvalue()
        self._kept = ctypes.create_string_buffer(data, len(data))
        bytes_address[0] = ctypes.addressof(self._kept)
        count[0] = len(data)

    def _restore(self, peer: int, address: int, count: int) -> None:
        state = torch.load(io.BytesIO(ctypes.string_at(address, count)), weights_only=True)
        self.optimizers[peer].load_state_dict(state["optimizer"])
        for parameter, gradient in zip(self.tables[peer].parameters, state["gradients"]):
            parameter.grad = gradient
        own = dict(self.models[peer].named_buffers())
        for name, value in state["buffers"].items():
            own[name].copy_(value)
        self._steps[peer] = state["step"]
