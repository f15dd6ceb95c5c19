"""Peers in processes over the real library: exactness, deaths, pauses, exits, workers, Ctrl-C, bad input."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, List

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch")
from loaded import LoadedPython, waiting  # noqa: E402
from scripts import COMMON, TRAIN, script  # noqa: E402
from small import backward, flat, network, sgd  # noqa: E402

pytestmark = pytest.mark.usefixtures("library")

Launch = Callable[..., "subprocess.CompletedProcess[str]"]

def trained(launch: Launch, folder: Path, ranks: int, **options: Any) -> List[Any]:
    folder.mkdir(exist_ok=True)
    result = launch(TRAIN, str(folder), repr(options), ranks=ranks)
    assert result.returncode == 0, result.stderr
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in range(ranks)]


def test_dpsgd_is_twenty_lines_of_plain_torch(launch: Launch, tmp_path: Path) -> None:
    ours = trained(launch, tmp_path / "a", 4, algorithm="dpsgd", topology="ring")
    models = [network() for _ in range(4)]
    optimizers = [sgd(model) for model in models]
    for step in range(30):
        for rank, model in enumerate(models):
            backward(model, rank, step)
        with torch.no_grad():
            before = [[parameter.clone() for parameter in model.parameters()] for model in models]
            for rank, model in enumerate(models):
                for index, parameter in enumerate(model.parameters()):
                    neighbours = [before[(rank + shift) % 4][index] for shift in (-1, 0, 1)]
                    parameter.copy_(sum(neighbours) / 3)
        for optimizer in optimizers:
            optimizer.step()
    for model, mine in zip(models, ours):
        assert (flat(model) - mine).abs().max() <= 1e-6
    again = trained(launch, tmp_path / "b", 4, algorithm="dpsgd", topology="ring")
    assert all(torch.equal(first, second) for first, second in zip(ours, again))


def test_one_model_after_the_other(launch: Launch) -> None:
    """Peers that are closed, with leave or without, make room for the next ones of the same processes."""
    result = launch(script("""
    for length, wait in ((3, True), (1, False), (2, True)):
        model = network(); optimizer = sgd(model)
        peer = murmur_gossip.Peer(model, optimizer, algorithm="dpsgd", steps=3)
        for step in range(length):
            backward(model, rank, step)
            optimizer.step()
        peer.close(wait=wait)
        print("closed", flush=True)
    """), ranks=3)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("closed") == 9


@pytest.mark.parametrize("algorithm", ["gosgd", "dpsgd", "allreduce"])
def test_one_peer_is_bare_torch_to_the_bit(launch: Launch, tmp_path: Path, algorithm: str) -> None:
    (ours,) = trained(launch, tmp_path, 1, algorithm=algorithm)
    model = network()
    optimizer = sgd(model)
    for step in range(30):
        backward(model, 0, step)
        optimizer.step()
    assert torch.equal(flat(model), ours)


def test_allreduce_is_the_average_of_gradients(launch: Launch, tmp_path: Path) -> None:
    ours = trained(launch, tmp_path, 2, algorithm="allreduce")
    assert torch.equal(ours[0], ours[1])
    model = network()
    optimizer = sgd(model)
    for step in range(30):
        gradients = []
        for rank in range(2):
            backward(model, rank, step)
            gradients.append([parameter.grad.clone() for parameter in model.parameters()])
        for index, parameter in enumerate(model.parameters()):
            parameter.grad = (gradients[0][index] + gradients[1][index]) / 2
        optimizer.step()
    assert (flat(model) - ours[0]).abs().max() <= 1e-6


def test_another_model_elsewhere_is_named(launch: Launch) -> None:
    result = launch(script("""
        model = torch.nn.Linear(4, 2 + rank)
        try:
            murmur_gossip.Peer(model, sgd(model))
        except murmur_gossip.MismatchError as error:
            print(error)
    """), ranks=2)
    assert "weight is [" in result.stdout, result.stdout + result.stderr


def test_another_algorithm_elsewhere_is_named(launch: Launch) -> None:
    result = launch(script("""
        model = network()
        try:
            murmur_gossip.Peer(model, sgd(model), algorithm=["gosgd", "dpsgd"][rank])
        except murmur_gossip.MismatchError as error:
            print(error)
    """), ranks=2)
    assert "gosgd" in result.stdout and "dpsgd" in result.stdout, result.stdout + result.stderr


def test_the_nearest_name_is_the_librarys() -> None:
    import murmur_gossip

    model = network()
    with pytest.raises(murmur_gossip.InvalidError, match="did you mean 'gosgd'"):
        murmur_gossip.Peer(model, sgd(model), algorithm="gosdg")
    with pytest.raises(murmur_gossip.InvalidError, match="did you mean 'probability'"):
        murmur_gossip.Peer(model, sgd(model), probabilty=1)


def test_consensus_and_metrics(launch: Launch) -> None:
    result = launch(script("""
        model = network(); optimizer = sgd(model)
        with murmur_gossip.Peer(model, optimizer, probability=0.5, steps=20) as peer:
            for step in range(20):
                backward(model, rank, step)
                peer.batch(loss=1.0, samples=16)
                optimizer.step()
            average = peer.consensus()
            metrics = peer.metrics
        assert (metrics.rank, metrics.ranks, metrics.steps, metrics.samples) == (rank, 3, 20, 320), metrics
        print(sum(value.double().sum().item() for value in average.values()))
    """), ranks=3)
    sums = {line.split()[1] for line in result.stdout.splitlines()}
    assert result.returncode == 0 and len(sums) == 1, result.stdout + result.stderr


def test_a_run_goes_on_from_its_states_to_the_bit(launch: Launch, tmp_path: Path) -> None:
    body = """
        model = network(); optimizer = sgd(model)
        first, last = int(sys.argv[2]), int(sys.argv[3])
        peer = murmur_gossip.Peer(model, optimizer, algorithm="dpsgd", topology="ring", steps=20)
        if first:
            saved = torch.load(f"{sys.argv[1]}/{rank}.pt", weights_only=False)
            optimizer.load_state_dict(saved["optimizer"])
            peer.load_state_dict(saved["peer"])
        for step in range(first, last):
            backward(model, rank, step)
            optimizer.step()
        if last < 20:
            torch.save({"optimizer": optimizer.state_dict(), "peer": peer.state_dict()}, f"{sys.argv[1]}/{rank}.pt")
        else:
            print(flat(model).double().sum().item())
        peer.close(wait=last == 20)
    """
    whole = launch(script(body), str(tmp_path), "0", "20", ranks=2)
    launch(script(body), str(tmp_path), "0", "10", ranks=2)
    rest = launch(script(body), str(tmp_path), "10", "20", ranks=2)
    assert whole.returncode == rest.returncode == 0, whole.stderr + rest.stderr
    assert sorted(whole.stdout.splitlines()) == sorted(rest.stdout.splitlines())


def test_the_others_go_on_without_one_that_is_killed(launch: Launch) -> None:
    result = launch(script("""
        model = network(); optimizer = sgd(model)
        with murmur_gossip.Peer(model, optimizer, probability=0.5, steps=200, transport=QUICK) as peer:
            for step in range(200):
                if rank == 1 and step == 50:
                    os.kill(os.getpid(), 9)
                backward(model, rank, step)
                optimizer.step()
            print("done", peer.metrics.steps)
    """), ranks=3, keep_going=True)
    assert sorted(result.stdout.splitlines()) == ["[0] done 200", "[2] done 200"], result.stderr


def test_the_others_go_on_while_one_is_stopped(launch: Launch, tmp_path: Path) -> None:
    result = launch(script("""
        import signal, subprocess, time
        folder, seconds = sys.argv[1:]
        model = network(); optimizer = sgd(model)
        try:
            with murmur_gossip.Peer(model, optimizer, probability=0.5, transport=QUICK) as peer:
                step = 0
                # The others train until they have noticed.
                while step < 200 if rank == 1 else peer.metrics.ranks_here == 3:
                    if rank == 1 and step == 50:
                        # Somebody else wakes it, long after its silence was noticed.
                        subprocess.Popen(["sh", "-c", f"sleep {seconds}; kill -CONT {os.getpid()}"])
                        with open(f"{folder}/stopped", "w") as file:
                            file.write(str(time.monotonic()))
                        os.kill(os.getpid(), signal.SIGSTOP)
                    backward(model, rank, step)
                    optimizer.step()
                    step += 1
                if rank != 1:
                    stopped = float(open(f"{folder}/stopped").read())
                    print(f"noticed after {time.monotonic() - stopped:.1f} s, step {step}", file=sys.stderr)
                print("done", peer.metrics.ranks_here)
        except murmur_gossip.GossipError as error:
            print("gone:", error)
    """), str(tmp_path), os.environ.get("MURMUR_STOPPED_SECONDS", "4"), ranks=3, keep_going=True)
    print(result.stderr + result.stdout)
    lines = sorted(result.stdout.splitlines())
    assert [line for line in lines if "[1]" not in line] == ["[0] done 2", "[2] done 2"], result.stderr
    assert len(lines) == 3, "who was stopped is told that it is gone, or goes on alone"


def test_a_death_without_a_way_on_is_an_exception(launch: Launch) -> None:
    result = launch(script("""
        model = network(); optimizer = sgd(model)
        try:
            with murmur_gossip.Peer(model, optimizer, algorithm="allreduce", steps=200, transport=QUICK):
                for step in range(200):
                    if rank == 1 and step == 50:
                        os.kill(os.getpid(), 9)
                    backward(model, rank, step)
                    optimizer.step()
        except murmur_gossip.GossipError as error:
            print(type(error).__name__, error)
    """), ranks=3, keep_going=True)
    lines = result.stdout.splitlines()
    # Whoever hears of the other survivor first names the one that died, too.
    assert len(lines) == 2 and all("peer 1 is gone" in line for line in lines), result.stdout + result.stderr


def test_unequal_numbers_of_steps(launch: Launch) -> None:
    result = launch(script("""
        model = network(); optimizer = sgd(model)
        with murmur_gossip.Peer(model, optimizer, probability=0.5) as peer:
            for step in range(20 * (rank + 1)):
                backward(model, rank, step)
                optimizer.step()
        print("done")
    """), ranks=3)
    assert result.returncode == 0 and result.stdout.count("done") == 3, result.stderr


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_a_data_loader(launch: Launch, method: str) -> None:
    result = launch(script(f"""
        if __name__ == "__main__":
            model = network(); optimizer = sgd(model)
            data = torch.utils.data.TensorDataset(torch.randn(64, 6), torch.zeros(64).long())
            loader = torch.utils.data.DataLoader(data, 8, num_workers=2, multiprocessing_context="{method}")
            with murmur_gossip.Peer(model, optimizer, probability=0.5, steps=16):
                for epoch in range(2):
                    for x, y in loader:
                        optimizer.zero_grad()
                        torch.nn.functional.cross_entropy(model(x), y).backward()
                        optimizer.step()
            print("done")
    """), ranks=2, interpreters=True)
    assert result.returncode == 0 and result.stdout.count("done") == 2, result.stderr


def test_ctrl_c_is_heard_while_a_step_waits(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text(script("""
        from murmur_gossip._core import native

        class Telling:
            # The library, which says when a step has begun to wait.
            peer = None

            def __getattr__(self, name):
                if name == "murmur_peer_wait" and self.peer:
                    self.peer = None
                    print("waits", flush=True)
                return getattr(library, name)

        library = native.library()
        telling = Telling()
        native.use(telling)
        model = network(); optimizer = sgd(model)
        peer = murmur_gossip.Peer(model, optimizer, algorithm="dpsgd", topology="ring", steps=10)
        if rank == 1:
            # Does not hear, and makes no step for as long as the other one lives: its end would end the waiting, too.
            import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)
            open(sys.argv[1]).read()
            sys.exit()
        living = open(sys.argv[1], "w")
        telling.peer = peer
        try:
            for step in range(10):
                backward(model, rank, step)
                optimizer.step()
        except KeyboardInterrupt:
            print("heard", flush=True)
            peer.close(wait=False)
    """))
    living = tmp_path / "living"
    os.mkfifo(living)
    command = [sys.executable, "-m", "murmur_gossip.run", "-n", "2", "--grace", "30", str(file), str(living)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "[0] waits\n"
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    heard = process.stdout.readline()
    print(f"heard after {time.monotonic() - begun:.3f} s")
    assert heard == "[0] heard\n"
    process.communicate(timeout=60)


EXITS = {
    "never opened": "import murmur_gossip._core.native as native; native.library()",
    "open": "peer = murmur_gossip.Peer(model, optimizer)",
    "stepping": "peer = murmur_gossip.Peer(model, optimizer)\nbackward(model, 0, 0)\noptimizer.step()",
    "finished": "peer = murmur_gossip.Peer(model, optimizer, steps=1)\nbackward(model, 0, 0)\noptimizer.step()",
    "closed": "peer = murmur_gossip.Peer(model, optimizer)\npeer.close()",
    "raised": "peer = murmur_gossip.Peer(model, optimizer)\nraise SystemExit(0)",
    "forgotten": "murmur_gossip.Peer(model, optimizer)\ndel model, optimizer",
    "in a thread": "import threading\nthread = threading.Thread(target=lambda: murmur_gossip.Peer(model, optimizer))\n"
                   "thread.start(); thread.join()",
}


@pytest.mark.parametrize("state", EXITS)
def test_the_interpreter_ends_in_every_state(state: str, tmp_path: Path, loaded: LoadedPython) -> None:
    """Once in an interpreter of its own, and several times in one that was forked, which is the quicker."""
    file = tmp_path / "script.py"
    file.write_text(COMMON + "model = network(); optimizer = sgd(model)\n" + EXITS[state] + "\n")
    process = subprocess.Popen([sys.executable, str(file)], stderr=subprocess.PIPE, text=True)
    try:
        _, errors = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        where = waiting(process.pid)
        process.kill()
        process.communicate()
        pytest.fail(f"it hangs:\n{where}")
    assert process.returncode == 0, errors
    for _ in range(int(os.environ.get("MURMUR_EXITS", "2"))):
        result = loaded.run(file, ranks=0, environment=dict(os.environ), timeout=60)
        assert result.returncode == 0, result.stderr
