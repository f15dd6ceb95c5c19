"""What gossip costs a PyTorch user, as ratios in pairs: both sides in one run, in turns, the median ratio of the pairs.

usage: python torch_gossip.py ROW [--pairs N]        prints one line of JSON
    mlp, resnet          a step with one peer over bare torch (0.1 M parameters; ResNet-18, batch 64)
    simulate             peer-steps a second of 100 simulated MLPs over a bare loop of the same models and batches
    regression           the same of 1,000 softmax regressions with batch 4, with peer-steps a second; 25 steps each,
                         so that the making of models, which stands on both sides, counts for little
  by two processes, python -m murmur_gossip.run -n 2 torch_gossip.py ROW:
    gossip               a step with p = 0.1 over one with p = 0
    ddp, post-local      samples a second of gosgd over DDP (gloo), over PostLocalSGDOptimizer: the Fashion-MNIST cnn
    accuracy             seconds to 0.90 of the average model by gosgd, of DDP's and of PostLocalSGDOptimizer's;
                         --data names the folder of Fashion-MNIST's files
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

import torch
from torch import nn
from torch.nn import functional

import murmur_gossip

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python" / "examples"))
from fashion_mnist import accuracy, network, read  # noqa: E402

Step = Callable[[], None]


def seconds_of(run: Callable[[], Any]) -> float:
    """How long a call takes."""
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def ratios(ours: Callable[[], Any], theirs: Callable[[], Any], pairs: int) -> Dict[str, Any]:
    """Our time over theirs: the median of the pairs, and the quarter on either side. Who is first changes."""
    ours(), theirs()
    found: List[float] = []
    for pair in range(pairs):
        if pair % 2:
            bare = seconds_of(theirs)
            found.append(seconds_of(ours) / bare)
        else:
            mine = seconds_of(ours)
            found.append(mine / seconds_of(theirs))
    found.sort()
    return {"ratio": round(found[pairs // 2], 4), "quartiles": [round(found[pairs // 4], 4),
                                                                round(found[pairs * 3 // 4], 4)], "pairs": pairs}


def stepping(model: nn.Module, optimizer: torch.optim.Optimizer, x: torch.Tensor, y: torch.Tensor, steps: int) -> Step:
    """So many ordinary steps on one batch."""

    def run() -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            functional.cross_entropy(model(x), y).backward()
            optimizer.step()

    return run


def sgd(model: nn.Module, rate: float = 0.01) -> torch.optim.Optimizer:
    """With momentum, as all rows take it."""
    return torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)


def mlp() -> nn.Module:
    """101,770 parameters."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


class Block(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, inner: int, outer: int, stride: int) -> None:
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(inner, outer, 3, stride, 1, bias=False), nn.BatchNorm2d(outer), nn.ReLU(),
            nn.Conv2d(outer, outer, 3, 1, 1, bias=False), nn.BatchNorm2d(outer))
        self.around = nn.Sequential() if inner == outer else nn.Sequential(
            nn.Conv2d(inner, outer, 1, stride, bias=False), nn.BatchNorm2d(outer))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.relu(self.path(x) + self.around(x))


def resnet18() -> nn.Module:
    """For images of 32 x 32; 11,173,962 parameters."""
    blocks: List[nn.Module] = []
    inner = 64
    for outer, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        blocks += [Block(inner, outer, stride), Block(outer, outer, 1)]
        inner = outer
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1),
        nn.Flatten(), nn.Linear(512, 10))


def overhead(make: Callable[[], nn.Module], x: torch.Tensor, steps: int, pairs: int) -> Dict[str, Any]:
    """A step with a peer that is alone over one without."""
    y = torch.randint(0, 10, (len(x),))
    bare, model = make(), make()
    optimizer = sgd(model)
    with murmur_gossip.Peer(model, optimizer):
        return ratios(stepping(model, optimizer, x, y, steps), stepping(bare, sgd(bare), x, y, steps), pairs)


def gossip(pairs: int) -> Dict[str, Any]:
    """p = 0.1 over p = 0, of one process among two: one peer after the other, in short runs."""
    x, y = torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,))

    def side(probability: float) -> Step:
        def run() -> None:
            model = network()
            optimizer = sgd(model)
            peer = murmur_gossip.Peer(model, optimizer, probability=probability)
            begin = time.perf_counter()
            stepping(model, optimizer, x, y, 50)()
            spent[probability] = time.perf_counter() - begin
            peer.close()

        return run

    spent: Dict[float, float] = {}
    found = []
    for _ in range(pairs):
        side(0.1)(), side(0.0)()
        found.append(spent[0.1] / spent[0.0])
    return {"ratio": round(sorted(found)[pairs // 2], 4), "pairs": pairs}


def join_torch() -> Any:
    """torch.distributed over gloo, for the processes of the launcher."""
    import torch.distributed as distributed

    place = os.path.join(os.environ["MURMUR_RENDEZVOUS"], "gloo")
    distributed.init_process_group(
        "gloo", init_method=f"file://{place}", rank=murmur_gossip.rank(), world_size=murmur_gossip.ranks())
    return distributed


def torchs_own(row: str, model: nn.Module, rate: float = 0.01) -> Any:
    """A model and its optimizer as DDP or PostLocalSGDOptimizer, which averages every tenth step, has them."""
    if row == "ddp":
        from torch.nn.parallel import DistributedDataParallel

        wrapped = DistributedDataParallel(model)
        return wrapped, sgd(wrapped, rate)
    from torch.distributed.algorithms.model_averaging.averagers import PeriodicModelAverager
    from torch.distributed.optim import PostLocalSGDOptimizer

    return model, PostLocalSGDOptimizer(sgd(model, rate), PeriodicModelAverager(period=10, warmup_steps=0))


def beside(row: str, pairs: int) -> Dict[str, Any]:
    """Samples a second of gosgd over those of DDP or of PostLocalSGDOptimizer, in turns in the same processes."""
    distributed = join_torch()
    x, y = torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,))
    model = network()
    optimizer = sgd(model)
    other, other_optimizer = torchs_own(row, network())
    with murmur_gossip.Peer(model, optimizer, probability=0.1):
        ours, theirs = (stepping(model, optimizer, x, y, 30), stepping(other, other_optimizer, x, y, 30))

        def together(run: Step) -> Step:
            def both() -> None:
                distributed.barrier()
                run()

            return both

        found = ratios(together(ours), together(theirs), pairs)
    distributed.destroy_process_group()
    return {"samples_a_second_over": round(1 / found["ratio"], 4), **found}


def time_to(data: Path, goal: float = 0.90) -> Dict[str, Any]:
    """Seconds of training until the average of gosgd's models, and DDP's or PostLocalSGD's model, name that share
    rightly."""
    distributed = join_torch()
    rank, ranks = murmur_gossip.rank(), murmur_gossip.ranks()
    x, y = read(data, "train", 60_000)
    test = read(data, "t10k", 10_000)
    x, y = x[rank::ranks], y[rank::ranks]
    answer: Dict[str, Any] = {}
    for side in ("gosgd", "ddp", "post-local"):
        torch.manual_seed(1)
        plain = network()
        model, optimizer = (plain, sgd(plain, 0.05)) if side == "gosgd" else torchs_own(side, plain, 0.05)
        peer = murmur_gossip.Peer(plain, optimizer, probability=0.1) if side == "gosgd" else None
        seconds, reached = 0.0, 0.0
        generator = torch.Generator().manual_seed(rank)
        while reached < goal and seconds < 300:
            order = torch.randperm(len(y), generator=generator)[: 100 * 64].split(64)
            begin = time.perf_counter()
            for index in order:
                optimizer.zero_grad()
                functional.cross_entropy(model(x[index]), y[index]).backward()
                optimizer.step()
            seconds += time.perf_counter() - begin
            judged = network()
            judged.load_state_dict(peer.consensus() if peer is not None else plain.state_dict())
            reached = accuracy(judged, test)
            told = torch.tensor([reached, seconds])
            distributed.broadcast(told, 0)
            reached, seconds = told.tolist()
        if peer is not None:
            peer.close()
        answer[f"{side}_seconds"] = round(seconds, 2)
        answer[f"{side}_accuracy"] = round(reached, 4)
        if rank == 0:
            # Minutes lie between the sides.
            print(f"{side}: {seconds:.1f} s to {reached:.4f}", file=sys.stderr, flush=True)
    distributed.destroy_process_group()
    return answer


def simulation(make: Callable[[], nn.Module], features: int, batch: int, peers: int, steps: int, pairs: int,
               ) -> Dict[str, Any]:
    """Peer-steps a second of the simulation over those of a loop over the same models, batches and optimizers."""
    x, y = torch.randn(512, batch, features), torch.randint(0, 10, (512, batch))

    def optimizer_of(parameters: Any) -> torch.optim.Optimizer:
        return torch.optim.SGD(parameters, lr=0.01)

    def loss(model: nn.Module, peer: int, step: int) -> torch.Tensor:
        place = (31 * peer + step) % 512
        return functional.cross_entropy(model(x[place]), y[place])

    begun: Dict[str, float] = {}

    def simulate() -> None:
        def note(progress: Any) -> None:
            begun.setdefault("at", time.perf_counter())

        murmur_gossip.simulate(
            make, optimizer_of, loss, peers=peers, steps=steps, algorithm="gosgd", probability=0.1, progress=note)

    def bare() -> None:
        models = [make() for _ in range(peers)]
        optimizers = [optimizer_of(model.parameters()) for model in models]
        for step in range(steps):
            for peer in range(peers):
                optimizers[peer].zero_grad()
                value = loss(models[peer], peer, step)
                value.backward()
                value.item()
                optimizers[peer].step()

    found = ratios(simulate, bare, pairs)
    speed = peers * steps / seconds_of(simulate)
    return {"peer_steps_over": round(1 / found["ratio"], 4), "peer_steps_a_second": round(speed), **found}


def main() -> None:
    """Measures one row."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("row")
    arguments.add_argument("--pairs", type=int, default=15)
    arguments.add_argument("--data", type=Path, default=Path("/usr/share/datasets/fashion-mnist"))
    words = arguments.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    rows: Dict[str, Callable[[], Dict[str, Any]]] = {
        "mlp": lambda: overhead(mlp, torch.randn(64, 784), 300, words.pairs),
        "resnet": lambda: overhead(resnet18, torch.randn(64, 3, 32, 32), 2, words.pairs),
        "gossip": lambda: gossip(words.pairs),
        "ddp": lambda: beside("ddp", words.pairs),
        "post-local": lambda: beside("post-local", words.pairs),
        "accuracy": lambda: time_to(words.data),
        "simulate": lambda: simulation(mlp, 784, 32, 100, 20, words.pairs),
        "regression": lambda: simulation(lambda: nn.Linear(784, 10), 784, 4, 1000, 25, words.pairs),
    }
    if words.row not in rows:
        arguments.error(f"there is no row '{words.row}'; there are {', '.join(rows)}")
    told = {"row": words.row, **rows[words.row]()}
    if murmur_gossip.rank() == 0:
        print(json.dumps(told, separators=(",", ":")))


if __name__ == "__main__":
    main()
