"""The peer above the C interface, on a library in Python: hooks, commands, refusals."""

from __future__ import annotations

import copy
import gc
import os
import threading
from typing import Any, List

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch")

from trained import batches, momentum, network, same, train  # noqa: E402

import murmur_gossip  # noqa: E402
from murmur_gossip._core import native  # noqa: E402

STEP, SCORE = native.ACTION_STEP, native.ACTION_SCORE


@pytest.mark.parametrize("reads_gradient", [False, True])
def test_a_peer_alone_is_bare_torch_to_the_bit(fake: Any, reads_gradient: bool) -> None:
    fake.reads_gradient = reads_gradient
    bare, model = network(), network()
    train(bare, momentum(bare), 20)
    optimizer = momentum(model)
    with murmur_gossip.Peer(model, optimizer, steps=20) as peer:
        train(model, optimizer, 20)
        assert peer.is_finished
        assert peer.metrics.steps == 20
    assert same(bare, model)
    assert fake.calls[-2:] == ["finish", "close"]
    assert fake.settings.optimizer_has_momentum == 1
    assert fake.names == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert fake.shapes == [(3, 4), (3,), (2, 3), (2,)]


def test_what_a_mix_writes_is_what_torch_computes_with(fake: Any) -> None:
    model = network()
    optimizer = momentum(model)
    peer = murmur_gossip.Peer(model, optimizer)
    fake.mix = lambda library: library.write(1, [1.0, 2.0, 3.0])
    train(model, optimizer, 1)
    assert model[0].bias.tolist() == [1.0, 2.0, 3.0]
    peer.close()


def test_waiting_comes_back_again_and_again(fake: Any) -> None:
    fake.waits = 3
    model = network()
    optimizer = momentum(model)
    with murmur_gossip.Peer(model, optimizer, steps=2):
        train(model, optimizer, 2)
    bare = network()
    train(bare, momentum(bare), 2)
    assert same(bare, model)


def test_the_batch_is_told_with_the_optimizers_rate(fake: Any) -> None:
    model = network()
    optimizer = momentum(model)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    with murmur_gossip.Peer(model, optimizer, steps=2) as peer:
        peer.batch(loss=torch.tensor(1.5), samples=32)
        optimizer.step()
        schedule.step()
        optimizer.step()
    assert fake.batches[0] == (1.5, 32, pytest.approx(0.1))
    assert fake.batches[1][1:] == (0, pytest.approx(0.05))
    assert fake.batches[1][0] != fake.batches[1][0], "a loss that nobody told is NaN"


def test_a_gradient_that_others_changed_is_what_the_optimizer_steps_along(fake: Any) -> None:
    fake.reads_gradient = True
    fake.prepare = lambda library: library.write_gradient(1, [1.0, 1.0, 1.0])
    model = network()
    before = model[0].bias.detach().clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    with murmur_gossip.Peer(model, optimizer, steps=1):
        train(model, optimizer, 1)
    assert torch.equal(model[0].bias, before - 0.5)


def test_several_steps_and_none_in_the_place_of_one(fake: Any) -> None:
    fake.reads_gradient = True
    for actions, steps in (([STEP, STEP, STEP], 3), ([STEP], 1), ([], 0)):
        fake.actions = actions
        model = network()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        with murmur_gossip.Peer(model, optimizer):
            (x, y), = batches(1)
            torch.nn.functional.cross_entropy(model(x), y).backward()
            before = model[0].bias.detach().clone()
            gradient = model[0].bias.grad.clone()
            optimizer.step()
            for _ in range(steps):
                before -= 0.5 * gradient
            assert torch.allclose(model[0].bias, before, atol=1e-7)
            assert torch.equal(model[0].bias.grad, gradient)


@pytest.mark.parametrize("reads_gradient", [False, True])
def test_an_optimizer_forgets_where_it_is_to(fake: Any, reads_gradient: bool) -> None:
    fake.reads_gradient = reads_gradient
    fake.mix = lambda library: setattr(library, "resets", library.steps_made == 1)
    model = network()
    optimizer = momentum(model)
    remembered = []
    with murmur_gossip.Peer(model, optimizer):
        for _ in range(3):
            train(model, optimizer, 1)
            remembered.append(len(optimizer.state))
    assert remembered == [4, 0, 4]


def test_scores_are_taken_as_for_a_test(fake: Any) -> None:
    fake.reads_gradient = True
    fake.needs_scores = True
    fake.actions = [SCORE, STEP]
    model = network()
    optimizer = momentum(model)
    modes: List[bool] = []

    def score(scored: Any) -> float:
        modes.append(scored.training or torch.is_grad_enabled())
        return 0.25

    with murmur_gossip.Peer(model, optimizer, steps=1, score=score):
        train(model, optimizer, 1)
    assert fake.scores == [0.25]
    assert modes == [False] and model.training


def test_a_state_goes_through_a_file(fake: Any, tmp_path: Any) -> None:
    model = network()
    with murmur_gossip.Peer(model, momentum(model)) as peer:
        torch.save(peer.state_dict(), tmp_path / "peer.pt")
        state = torch.load(tmp_path / "peer.pt", weights_only=True)
        peer.load_state_dict(state)
        assert fake.calls[-1] == "restore"
        with pytest.raises(murmur_gossip.StateError, match="of dpsgd and this peer runs gosgd"):
            peer.load_state_dict({**state, "algorithm": "dpsgd"})
        wrong = copy.deepcopy(state)
        wrong["layout"][0][1] = [9, 9]
        with pytest.raises(murmur_gossip.StateError, match=r"0.weight is \[3, 4\] here"):
            peer.load_state_dict(wrong)
        with pytest.raises(murmur_gossip.StateError, match="no state of a peer"):
            peer.load_state_dict({"weight": 1})


def test_steps_beyond_the_last_are_torchs_own(fake: Any) -> None:
    model = network()
    optimizer = momentum(model)
    peer = murmur_gossip.Peer(model, optimizer, steps=2)
    train(model, optimizer, 2)
    with pytest.warns(RuntimeWarning, match="has made its 2 steps"):
        train(model, optimizer, 2)
    assert fake.calls.count("step") == 2
    peer.close()
    peer.close()
    train(model, optimizer, 1)
    assert fake.calls.count("close") == 1


class Shared(torch.nn.Module):
    """Two parameters over one block."""

    def __init__(self) -> None:
        super().__init__()
        block = torch.zeros(6)
        self.first = torch.nn.Parameter(block[:4])
        self.second = torch.nn.Parameter(block[2:])


class Numbers(torch.nn.Module):
    """Only whole numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.count = torch.nn.Parameter(torch.zeros(3, dtype=torch.int32), requires_grad=False)


@pytest.mark.parametrize("arguments, sentence", [
    ({"algorithm": "gosdg"}, "there is no algorithm 'gosdg'; did you mean 'gosgd'"),
    ({"probabilty": 0.1}, "no option of gosgd named 'probabilty'; did you mean 'probability'"),
    ({"steps": -1}, "steps=-1 is no number of steps"),
    ({"steps": 1.5}, "steps=1.5 is no number of steps"),
    ({"topology": {"width": 3}}, "topology has no name"),
    ({"algorithm": murmur_gossip.Setup()}, "a class that inherits from murmur_gossip.Algorithm"),
])
def test_wrong_arguments_get_a_sentence(fake: Any, arguments: Any, sentence: str) -> None:
    model = network()
    with pytest.raises(murmur_gossip.InvalidError, match=sentence):
        murmur_gossip.Peer(model, momentum(model), **arguments)


def test_wrong_models_get_a_sentence(fake: Any) -> None:
    model = network()
    other = momentum(model)
    with pytest.raises(murmur_gossip.InvalidError, match="no float parameters"):
        murmur_gossip.Peer(Numbers(), other)
    shared = Shared()
    with pytest.raises(murmur_gossip.InvalidError, match="first and second share storage"):
        murmur_gossip.Peer(shared, momentum(shared))
    with pytest.raises(murmur_gossip.InvalidError, match="the optimizer changes a parameter of shape"):
        murmur_gossip.Peer(torch.nn.Linear(2, 2), other)
    meta = torch.nn.Linear(2, 2, device="meta")
    with pytest.raises(murmur_gossip.InvalidError, match="on the meta device"):
        murmur_gossip.Peer(meta, momentum(meta))
    with pytest.raises(murmur_gossip.InvalidError, match="takes a torch.nn.Module and a torch.optim.Optimizer"):
        murmur_gossip.Peer(other, model)


def test_a_second_peer_on_one_model_is_refused(fake: Any) -> None:
    model = network()
    with murmur_gossip.Peer(model, momentum(model)):
        with pytest.raises(murmur_gossip.InvalidError, match="0.weight belongs to an open peer"):
            murmur_gossip.Peer(model, momentum(model))
    murmur_gossip.Peer(model, momentum(model)).close()


def test_a_peer_that_nobody_has_any_more_is_closed(fake: Any) -> None:
    model = network()
    optimizer = momentum(model)
    peer = murmur_gossip.Peer(model, optimizer)
    del model, optimizer, peer
    gc.collect()
    assert fake.is_closed


def test_a_closed_peer_says_so(fake: Any) -> None:
    model = network()
    peer = murmur_gossip.Peer(model, momentum(model))
    peer.close()
    for call in (peer.consensus, peer.state_dict, lambda: peer.metrics, peer.adopt):
        with pytest.raises(murmur_gossip.ClosedError, match="the peer is closed"):
            call()


def test_a_step_in_another_thread_is_refused_until_it_adopts(fake: Any) -> None:
    model = network()
    optimizer = momentum(model)
    peer = murmur_gossip.Peer(model, optimizer)
    before = copy.deepcopy(model)
    raised: List[BaseException] = []

    def step(adopts: bool) -> None:
        try:
            if adopts:
                peer.adopt()
            train(model, optimizer, 1)
        except murmur_gossip.GossipError as error:
            raised.append(error)

    for adopts in (False, True):
        thread = threading.Thread(target=step, args=(adopts,))
        thread.start()
        thread.join()
        if not adopts:
            assert same(before, model)
    assert [type(error) for error in raised] == [murmur_gossip.WrongThreadError]
    peer.close(wait=False)


def test_a_forked_child_is_refused_and_leaves_the_peer_alone(fake: Any) -> None:
    model = network()
    optimizer = momentum(model)
    peer = murmur_gossip.Peer(model, optimizer)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            optimizer.step()
        except murmur_gossip.ForkedError:
            peer.close()
            status = 0 if fake.calls[-1] == "open" else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    peer.close()


def test_an_error_of_the_library_is_its_own_exception_with_its_sentence(fake: Any) -> None:
    model = network()
    optimizer = momentum(model)
    with pytest.raises(murmur_gossip.AbandonedError, match="peer 2 is gone"):
        with murmur_gossip.Peer(model, optimizer):
            fake.status_of["step"] = 23
            fake.error = b"allreduce cannot go on: peer 2 is gone, and its gradient with it"
            train(model, optimizer, 1)
    assert fake.calls[-2:] == ["step", "close"], "an error in the loop waits for nobody"


def test_ctrl_c_in_a_step_that_waits_can_be_gone_on_from(fake: Any) -> None:
    model = network()
    optimizer = momentum(model)
    peer = murmur_gossip.Peer(model, optimizer)
    wait = fake.murmur_peer_wait

    def interrupt(handle: Any, command: Any) -> int:
        fake.murmur_peer_wait = wait
        raise KeyboardInterrupt

    fake.waits, fake.murmur_peer_wait = 1, interrupt
    with pytest.raises(KeyboardInterrupt):
        train(model, optimizer, 1)
    fake.waits = 0
    train(model, optimizer, 2)
    assert fake.calls.count("step") == 3
    peer.close()
