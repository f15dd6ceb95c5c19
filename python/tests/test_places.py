"""Where the numbers of a peer lie: masters of half precision, channels last, parameters that move."""

from __future__ import annotations

import threading
import weakref
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch")

from trained import batches, momentum, network, same, train  # noqa: E402

import murmur_gossip  # noqa: E402


def test_half_precision_keeps_what_it_cannot_hold_in_a_master(fake: Any) -> None:
    model = torch.nn.Linear(1, 1, bias=False).to(torch.bfloat16)
    with torch.no_grad():
        model.weight.fill_(1.0)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)

    def nudge(library: Any) -> None:
        library.write(0, [library.numbers(0)[0] + 0.001])

    with murmur_gossip.Peer(model, optimizer):
        fake.mix = nudge
        model.weight.grad = torch.zeros_like(model.weight)
        for _ in range(8):
            optimizer.step()
        assert fake.numbers(0)[0] == pytest.approx(1.008, abs=1e-6)
        assert model.weight.item() == torch.tensor(1.008).to(torch.bfloat16).item()


def test_half_precision_alone_is_bare_torch(fake: Any) -> None:
    bare, model = network().to(torch.bfloat16), network().to(torch.bfloat16)
    for who in (bare, model):
        optimizer = momentum(who)
        if who is model:
            peer = murmur_gossip.Peer(model, optimizer)
        for x, y in batches(10):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(who(x.to(torch.bfloat16)).float(), y).backward()
            optimizer.step()
    peer.close()
    assert same(bare, model)


def test_an_optimizer_of_masters_gossips_those(fake: Any) -> None:
    model = network()
    masters = [parameter.detach().clone().requires_grad_() for parameter in model.parameters()]
    with murmur_gossip.Peer(model.to(torch.bfloat16), torch.optim.SGD(masters, lr=0.1)):
        assert fake.names[0] == "0.weight"
        assert fake.numbers(1)[0] == masters[1][0].item()


def test_channels_last_is_used_where_it_lies(fake: Any) -> None:
    model = torch.nn.Conv2d(2, 4, 3).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with murmur_gossip.Peer(model, optimizer) as peer:
        assert fake.shapes[0] == (4, 3, 3, 2)
        average = peer.consensus()
        assert torch.equal(average["weight"], model.weight)


def test_parameters_that_move_are_followed(fake: Any) -> None:
    model = network()
    optimizer = momentum(model)
    with murmur_gossip.Peer(model, optimizer):
        model[0].weight.data = model[0].weight.data.clone()
        train(model, optimizer, 1)
        assert "move" in fake.calls
        assert fake.numbers(0)[0] == model[0].weight[0, 0].item()
        model[0].weight.data = model[0].weight.data.double()
        with pytest.raises(murmur_gossip.InvalidError, match="0.weight has another shape, precision or device"):
            optimizer.step()


def test_where_parameters_lay_stays_until_the_library_knows_better(fake: Any) -> None:
    numpy = pytest.importorskip("numpy")
    numbers = numpy.ones((3, 4), dtype=numpy.float32)
    model = network()
    model[0].weight.data = torch.from_numpy(numbers)
    gone = threading.Event()
    weakref.finalize(numbers, gone.set)
    del numbers
    optimizer = momentum(model)
    with murmur_gossip.Peer(model, optimizer):
        model[0].weight.data = model[0].weight.data.clone()
        # The library may read the old numbers while it looks after messages.
        assert not gone.is_set()
        train(model, optimizer, 1)
        assert gone.is_set()
