"""A network of 83 parameters, its optimizer, and gradients that follow from rank and step."""

from __future__ import annotations

import torch


def network() -> torch.nn.Module:
    """The same at every call."""
    torch.manual_seed(1)
    return torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))


def sgd(model: torch.nn.Module, momentum: float = 0.9) -> torch.optim.Optimizer:
    """Stochastic gradient descent."""
    return torch.optim.SGD(model.parameters(), lr=0.05, momentum=momentum)


def backward(model: torch.nn.Module, rank: int, step: int) -> None:
    """Leaves the gradient of a rank's batch in the parameters."""
    generator = torch.Generator().manual_seed(1000 * rank + step)
    x = torch.randn(16, 6, generator=generator)
    y = torch.randint(0, 3, (16,), generator=generator)
    model.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()


def flat(model: torch.nn.Module) -> torch.Tensor:
    """All parameters in a row."""
    return torch.cat([parameter.detach().reshape(-1) for parameter in model.parameters()])
