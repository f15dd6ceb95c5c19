"""A model's parameters as float32 tensors at fixed addresses.

A parameter that lies in the processor's memory as float32 without gaps is used where it is. Any other one, on another
device or of another precision, has a float32 master in a block of this package, which is brought up to date before the
library looks and shown to torch after the library has written.
"""

from __future__ import annotations

import math
from typing import Any, Dict, List, Optional, Sequence, Tuple

import torch

from .._core.handle import TensorPlace
from .staging import Staging
from ..errors import InvalidError


def storage_order(tensor: torch.Tensor) -> Optional[Tuple[int, ...]]:
    """The dimensions of a tensor from the outermost in memory to the innermost; None where it has gaps or repeats.

    A convolution's weights in channels-last format are such a tensor: dense, in another order than its shape.
    """
    strides = tensor.stride()
    order = sorted(range(tensor.dim()), key=lambda dimension: (-strides[dimension], dimension))
    expected = 1
    for dimension in reversed(order):
        if tensor.size(dimension) != 1 and tensor.stride(dimension) != expected:
            return None
        expected *= tensor.size(dimension)
    return tuple(order)


def is_direct(tensor: torch.Tensor) -> bool:
    """Whether the library can read and write a tensor where it lies."""
    return (
        tensor.device.type == "cpu" and tensor.dtype == torch.float32 and tensor.layout == torch.strided
        and storage_order(tensor) is not None and not tensor.is_conj())


def stored_shape(tensor: torch.Tensor) -> Tuple[int, ...]:
    """A dense tensor's extents in the order of memory, which is what all processes must have in common."""
    order = storage_order(tensor)
    return tuple(tensor.shape if order is None else (tensor.size(dimension) for dimension in order))


def _check(name: str, parameter: torch.Tensor) -> None:
    if parameter.device.type == "meta":
        raise InvalidError(f"parameter {name} is on the meta device and has no numbers; load the model first")
    if type(parameter).__name__ == "DTensor" or parameter.layout != torch.strided:
        raise InvalidError(
            f"parameter {name} is spread over devices or sparse; a peer takes models whose parameters are whole")


def chosen_parameters(model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> Dict[str, torch.Tensor]:
    """The parameters that gossip, by name: those of the model that the optimizer changes or that require a gradient.

    Where the optimizer has parameters of its own in their place, such as float32 masters of a model in half precision,
    those count, under the names of the model's.
    """
    named: Dict[str, torch.Tensor] = dict(model.named_parameters())
    changed = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    theirs = {id(parameter) for parameter in changed}
    trained = {
        name: parameter for name, parameter in named.items() if id(parameter) in theirs or parameter.requires_grad}
    complex_names = [name for name, parameter in trained.items() if parameter.is_complex()]
    if complex_names:
        raise InvalidError(f"parameter {complex_names[0]} is complex; keep its real and imaginary parts as two")
    floats = {name: value for name, value in trained.items() if value.is_floating_point() and value.numel()}
    if not floats:
        raise InvalidError("the model has no float parameters to train; give the module whose parameters are trained")
    known = {id(parameter) for parameter in named.values()}
    strangers = [parameter for parameter in changed if id(parameter) not in known]
    if strangers:
        floats = _masters(floats, changed, strangers)
    for name, parameter in floats.items():
        _check(name, parameter)
    _refuse_overlaps(floats)
    return floats


def _masters(
    floats: Dict[str, torch.Tensor], changed: Sequence[torch.Tensor], strangers: Sequence[torch.Tensor]
) -> Dict[str, torch.Tensor]:
    shapes = [tuple(parameter.shape) for parameter in floats.values()]
    if len(strangers) != len(changed) or [tuple(parameter.shape) for parameter in changed] != shapes:
        raise InvalidError(
            f"the optimizer changes a parameter of shape {list(strangers[0].shape)} that the model does not have; give "
            "the model whose parameters the optimizer was made with")
    return dict(zip(floats, changed))


def _refuse_overlaps(floats: Dict[str, torch.Tensor]) -> None:
    spans = []
    for name, parameter in floats.items():
        reach = sum((size - 1) * abs(stride) for size, stride in zip(parameter.shape, parameter.stride())) + 1
        spans.append((str(parameter.device), parameter.data_ptr(), reach * parameter.element_size(), name))
    spans.sort()
    for (device, begin, length, name), (next_device, next_begin, _, next_name) in zip(spans, spans[1:]):
        if device == next_device and next_begin < begin + length:
            raise InvalidError(
                f"parameters {name} and {next_name} share storage; tie them by one Parameter under two names, or give "
                "each its own")


class ParameterTable:
    """The parameters of one peer in their order, which is the order of the names."""

    def __init__(self, parameters: Dict[str, torch.Tensor]) -> None:
        self.names = list(parameters)
        self.parameters = list(parameters.values())
        staged = [index for index, parameter in enumerate(self.parameters) if not is_direct(parameter)]
        self.staging = Staging([self.parameters[index] for index in staged]) if staged else None
        self._staged = staged
        self._shapes = [self._shape(index) for index in range(len(self.parameters))]
        self._look()

    def _look(self) -> None:
        self._addresses = [parameter.data_ptr() for parameter in self.parameters]
        # Kept, for the library may read there until it is told of other places.
        self.storages = [parameter.untyped_storage() for parameter in self.parameters]

    def _shape(self, index: int) -> Tuple[int, ...]:
        parameter = self.parameters[index]
        return tuple(parameter.shape) if index in self._staged else stored_shape(parameter)

    @property
    def shapes(self) -> List[Tuple[int, ...]]:
        """The extents of each parameter as the library knows them, in the order of memory."""
        return self._shapes

    @property
    def count(self) -> int:
        """Numbers in all of them."""
        return sum(math.prod(shape) for shape in self._shapes)

    def places(self) -> List[TensorPlace]:
        """Where the library finds the parameters."""
        return [TensorPlace(*place) for place in zip(self.names, self.library_addresses(), self._shapes)]

    def library_addresses(self) -> List[int]:
        """The addresses of the float32 numbers: the parameters' own, or those of their masters."""
        addresses = list(self._addresses)
        if self.staging is not None:
            for index, master in zip(self._staged, self.staging.masters):
                addresses[index] = master.data_ptr()
        return addresses

    def has_moved(self) -> bool:
        """Whether a parameter lies elsewhere than at the last look."""
        return [parameter.data_ptr() for parameter in self.parameters] != self._addresses

    def find_again(self) -> List[int]:
        """The library's addresses of parameters that have moved; refuses what is no longer what it was."""
        for index, parameter in enumerate(self.parameters):
            was_direct = index not in self._staged
            if is_direct(parameter) != was_direct or self._shape(index) != self._shapes[index]:
                raise InvalidError(
                    f"parameter {self.names[index]} has another shape, precision or device than when the peer was "
                    "opened; bring the model to its device first and open the peer then")
        _refuse_overlaps(dict(zip(self.names, self.parameters)))
        self._look()
        return self.library_addresses()

    def bring(self) -> None:
        """Brings masters up to date before the library looks."""
        if self.staging is not None:
            self.staging.bring()

    def show(self) -> None:
        """Shows torch what the library has written."""
        if self.staging is not None:
            self.staging.show()

    def views(self, block: torch.Tensor) -> Dict[str, torch.Tensor]:
        """A flat block in the library's order as tensors by name, each of its parameter's shape."""
        views: Dict[str, torch.Tensor] = {}
        offset = 0
        for name, parameter, shape in zip(self.names, self.parameters, self._shapes):
            count = math.prod(shape)
            part = block[offset : offset + count].view(shape)
            order = storage_order(parameter) if is_direct(parameter) else None
            if order is not None:
                inverse = [order.index(dimension) for dimension in range(len(order))]
                part = part.permute(inverse)
            views[name] = part
            offset += count
        return views


class GradientTable:
    """The gradients of a table's parameters as the library takes them: float32, in the parameters' order of memory."""

    def __init__(self, table: ParameterTable) -> None:
        self._table = table
        self._staged: List[Tuple[torch.Tensor, torch.Tensor]] = []
        self._kept: List[Optional[torch.Tensor]] = []

    def addresses(self, fills_in: bool) -> List[int]:
        """Where the gradients lie now; 0 where a parameter has none, unless zeros are to be filled in."""
        self._staged = []
        addresses: List[int] = []
        for name, parameter, shape in zip(self._table.names, self._table.parameters, self._table.shapes):
            gradient = parameter.grad
            if gradient is None and fills_in:
                gradient = parameter.grad = torch.zeros_like(parameter)
            if gradient is None:
                addresses.append(0)
                continue
            if gradient.layout != torch.strided:
                raise InvalidError(f"the gradient of {name} is sparse; make its layer with sparse=False")
            fits = is_direct(parameter) and is_direct(gradient) and gradient.stride() == parameter.stride()
            if not fits:
                block = torch.empty(shape, dtype=torch.float32)
                if is_direct(parameter):
                    order = storage_order(parameter) or ()
                    block = block.permute([order.index(dimension) for dimension in range(len(order))])
                block.copy_(gradient)
                self._staged.append((gradient, block))
                gradient = block
            addresses.append(gradient.data_ptr())
        return addresses

    def show(self) -> None:
        """Hands on to torch what the library has written to gradients that do not lie where it can write."""
        with torch.no_grad():
            for gradient, block in self._staged:
                gradient.copy_(block)

    def hide(self) -> None:
        """Takes the gradients away, so that an optimizer's step changes nothing."""
        self._kept = [parameter.grad for parameter in self._table.parameters]
        for parameter in self._table.parameters:
            parameter.grad = None

    def bring_back(self) -> None:
        """Gives back the gradients that were hidden."""
        for parameter, gradient in zip(self._table.parameters, self._kept):
            parameter.grad = gradient
        self._kept = []


def has_momentum(optimizer: torch.optim.Optimizer) -> bool:
    """Whether an optimizer remembers gradients: a momentum that is not 0, or moments."""
    groups: List[Dict[str, Any]] = optimizer.param_groups
    return any(group.get("momentum") or "betas" in group for group in groups)
