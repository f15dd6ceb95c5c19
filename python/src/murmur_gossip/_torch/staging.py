"""Float32 masters of parameters that the library cannot read where they lie.

A master keeps what a parameter of half precision cannot hold: what the optimizer changed is added to it, and a mix of
models is rounded when it is shown, not before. So small shares of others are not lost to rounding, and a peer that
mixes nothing is bare torch to the bit, for then no parameter is written.

Parameters of a CUDA device go through one pinned block each way on a stream of their own.
"""

from __future__ import annotations

from typing import Any, List, Optional, Sequence

import torch


class Staging:
    """Masters of some parameters, in their order."""

    def __init__(self, parameters: Sequence[torch.Tensor]) -> None:
        """Every master is row-major and holds its parameter's numbers at once."""
        self._parameters = list(parameters)
        self._device = next((value.device for value in parameters if value.device.type == "cuda"), None)
        pins = self._device is not None
        count = sum(value.numel() for value in parameters)
        block = torch.empty(count, dtype=torch.float32, pin_memory=pins)
        self.masters: List[torch.Tensor] = _views(block, parameters)
        # What torch has, as the library saw it last: float32 parameters of a device are their own masters.
        self._shown: List[Optional[torch.Tensor]] = [
            None if value.dtype == torch.float32 else torch.empty(value.shape, dtype=value.dtype, pin_memory=pins)
            for value in parameters]
        self._arrivals = [
            None if shown is None else torch.empty_like(shown, pin_memory=pins) for shown in self._shown]
        self._stream: Any = torch.cuda.Stream(self._device) if pins else None  # type: ignore[no-untyped-call]
        self._sent: Any = None
        self._fetch(first=True)

    def bring(self) -> None:
        """Adds to the masters what the optimizer has changed; returns when they are complete."""
        self._fetch(first=False)

    def _fetch(self, first: bool) -> None:
        self._wait_sent()
        with torch.no_grad(), self._side_stream():
            for index, parameter in enumerate(self._parameters):
                arrival = self._arrivals[index]
                target = self.masters[index] if arrival is None else arrival
                target.copy_(parameter.detach(), non_blocking=True)
        if self._stream is not None:
            self._stream.synchronize()
        with torch.no_grad():
            for master, shown, arrival in zip(self.masters, self._shown, self._arrivals):
                if shown is None or arrival is None:
                    continue
                if first:
                    master.copy_(arrival)
                else:
                    wide = torch.promote_types(shown.dtype, torch.float32)
                    change = (arrival.to(wide) - shown.to(wide)).to(torch.float32)
                    # What has overflowed stays so, and does not become NaN.
                    master.copy_(torch.where(change.isfinite(), master + change, arrival.to(torch.float32)))
                shown.copy_(arrival)

    def show(self) -> None:
        """Writes the masters to torch's parameters, rounded; what torch computes next waits for it."""
        self._wait_sent()
        with torch.no_grad():
            for master, shown in zip(self.masters, self._shown):
                if shown is not None:
                    shown.copy_(master)
            with self._side_stream():
                for parameter, master, shown in zip(self._parameters, self.masters, self._shown):
                    parameter.detach().copy_(master if shown is None else shown, non_blocking=True)
        if self._stream is not None:
            self._sent = self._stream.record_event()
            torch.cuda.current_stream(self._device).wait_event(self._sent)

    def _side_stream(self) -> Any:
        if self._stream is None:
            return torch.no_grad()
        # The copies wait for what torch has still to compute, such as the optimizer's step.
        self._stream.wait_stream(torch.cuda.current_stream(self._device))
        return torch.cuda.stream(self._stream)

    def _wait_sent(self) -> None:
        # The pinned block may not be written while the device still reads it.
        if self._sent is not None:
            self._sent.synchronize()
            self._sent = None


def _views(block: torch.Tensor, parameters: Sequence[torch.Tensor]) -> List[torch.Tensor]:
    views: List[torch.Tensor] = []
    offset = 0
    for parameter in parameters:
        views.append(block[offset : offset + parameter.numel()].view(parameter.shape))
        offset += parameter.numel()
    return views
