"""Every algorithm on a torch model against the command on its own network: the same layers, data, start and draws."""

from __future__ import annotations

import json
import subprocess
import textwrap
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch")

import against_command  # noqa: E402
import murmur_gossip  # noqa: E402
from against_command import PEERS, RATE, SHARE, STEPS, loss, network, overrides, read_into, run  # noqa: E402
from murmur_gossip._core import native  # noqa: E402
from murmur_gossip._core.handle import algorithm_traits  # noqa: E402

pytestmark = pytest.mark.usefixtures("library")

# What an algorithm stands on where that is not a ring.
TOPOLOGY = {"adpsgd": "bipartite", "sgp": "exponential", "osgp": "exponential"}
# Those that use no graph, for which the command refuses one.
WITHOUT = (
    "allreduce", "local-sgd", "fedavg", "easgd", "aeasgd", "eamsgd", "downpour", "grsgd", "slowmo", "diloco", "noloco",
    "mesbah", "relaysgd")
# The samples that best-peer validates on are drawn by the command; nettorrent divides the network.
LEFT_OUT = ("best-peer", "nettorrent", "centralized")


def algorithms() -> List[str]:
    """Those that are laid beside the command; none where there is no library."""
    if not native.is_available():
        return []
    return [found.name for found in murmur_gossip.algorithms() if found.name not in LEFT_OUT]


def choices(algorithm: str) -> Dict[str, str]:
    """An algorithm with what it stands on, in the command's words."""
    words = {"algorithm.name": algorithm}
    if algorithm not in WITHOUT:
        words["topology.name"] = TOPOLOGY.get(algorithm, "ring")
    if algorithm == "choco":
        words["compression.name"] = "topk"
    return words


@pytest.fixture(scope="module")
def start(program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the data and the model that all begin with."""
    folder = tmp_path_factory.mktemp("data")
    against_command.write_pixels(folder)
    run(program, "initialise", *overrides(folder, {}), "--output", folder / "start.safetensors")
    return folder


def difference(model: Any, file: Path) -> float:
    other = network()
    read_into(other, file)
    return max(float((a - b).detach().abs().max()) for a, b in zip(model.parameters(), other.parameters()))


@pytest.mark.parametrize("algorithm", algorithms())
def test_in_virtual_time(program: str, start: Path, tmp_path: Path, algorithm: str) -> None:
    words = choices(algorithm)
    told = run(
        program, "simulate", *overrides(start, words), "--json", "--quiet", "--output", tmp_path / "theirs")

    def begun() -> Any:
        model = network()
        read_into(model, start / "start.safetensors")
        return model

    def sgd(parameters: Iterator[Any]) -> Any:
        return torch.optim.SGD(parameters, lr=RATE)

    ours = murmur_gossip.simulate(
        begun, sgd, lambda model, peer, step: (loss(model, peer), SHARE), peers=PEERS, steps=STEPS,
        algorithm=algorithm, topology=words.get("topology.name"), compression=words.get("compression.name"),
        samples=SHARE, steps_per_epoch=1).require()
    assert ours.digest == json.loads(told)["schedule_digest"], "the same messages at the same times"
    for peer, model in enumerate(ours.models[:PEERS]):
        assert difference(model, tmp_path / "theirs" / f"model-peer-{peer}.safetensors") <= 1e-4


PROCESSES = f"""
import json, sys, torch, murmur_gossip
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from against_command import RATE, SHARE, STEPS, loss, network, read_into
torch.set_num_threads(1)
rank, folder = murmur_gossip.rank(), Path(sys.argv[1])
for algorithm, topology, compression in json.loads(sys.argv[2]):
    model = network()
    read_into(model, folder / "start.safetensors")
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    with murmur_gossip.Peer(
        model, optimizer, algorithm, topology=topology, compression=compression, steps=STEPS, samples=SHARE,
        steps_per_epoch=1,
    ):
        for step in range(STEPS):
            optimizer.zero_grad()
            loss(model, rank).backward()
            optimizer.step()
    torch.save(model.state_dict(), folder / f"{{algorithm}}-{{rank}}.pt")
"""


def test_in_processes(
    program: str, start: Path, tmp_path: Path, launch: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    """Those in lock step end with the same models in every run, whatever carries them."""
    listed = []
    for name in algorithms():
        traits = algorithm_traits(name, {})
        if traits.is_lock_step and not traits.servers:
            words = choices(name)
            listed.append((name, words.get("topology.name"), words.get("compression.name")))
    assert len(listed) >= 15
    done = launch(textwrap.dedent(PROCESSES), str(start), json.dumps(listed), ranks=PEERS)
    assert done.returncode == 0, done.stderr
    for name, _, _ in listed:
        run(program, "train", *overrides(start, choices(name)), "--quiet", "--output", tmp_path / name)
        for peer in range(PEERS):
            model = network()
            model.load_state_dict(torch.load(start / f"{name}-{peer}.pt", weights_only=True))
            assert difference(model, tmp_path / name / f"model-peer-{peer}.safetensors") <= 1e-4, name
