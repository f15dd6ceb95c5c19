"""What is written for readers runs: doctests of modules and pages, and every example at small scale."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import ROOT

import murmur_gossip

NEEDS_OTHERS = {"murmur_gossip.lightning"}
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(murmur_gossip.__path__, "murmur_gossip.")
    if module.name not in NEEDS_OTHERS)

EXAMPLES = {
    "own_algorithm.py": ["4", "5"],
    "fashion_mnist.py": ["--samples", "256"],
    "accelerated.py": ["5"],
}


@pytest.mark.parametrize("name", ["murmur_gossip", *MODULES])
def test_doctests_of_modules(name: str) -> None:
    if name.startswith(("murmur_gossip._torch", "murmur_gossip.peer", "murmur_gossip.simulation")):
        pytest.importorskip("torch", reason="torch is not installed: pip install torch")
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_doctests_of_the_page() -> None:
    page = ROOT.parent / "docs" / "python.md"
    if not page.exists():
        pytest.skip("the page is not beside this folder")
    answer = doctest.testfile(str(page), module_relative=False)
    assert answer.failed == 0 and answer.attempted > 5


def test_every_example_is_tried_here() -> None:
    assert {path.name for path in (ROOT / "examples").glob("*.py")} == set(EXAMPLES)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("ranks", [1, 2])
def test_examples(name: str, ranks: int, launch: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    pytest.importorskip("torch", reason="torch is not installed: pip install torch")
    if name == "accelerated.py":
        pytest.importorskip("accelerate", reason="accelerate is not installed: pip install accelerate")
    result = launch((ROOT / "examples" / name).read_text(), *EXAMPLES[name], ranks=ranks)
    assert result.returncode == 0, result.stderr


def test_files_are_short_and_lines_fit() -> None:
    for path in sorted(ROOT.rglob("*.py")):
        lines = path.read_text().splitlines()
        assert len(lines) <= 400, path
        assert all(len(line) <= 120 for line in lines), path


def test_integrations_stay_under_sixty_lines() -> None:
    for path in (ROOT / "src/murmur_gossip/lightning.py", ROOT / "examples/accelerated.py"):
        assert len(Path(path).read_text().splitlines()) < 60


def test_a_lightning_callback_opens_tells_and_closes(fake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch")
    import sys
    import types

    for name in ("lightning", "lightning.pytorch"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules["lightning.pytorch"].Callback = object  # type: ignore[attr-defined]
    monkeypatch.delitem(sys.modules, "murmur_gossip.lightning", raising=False)
    from murmur_gossip.lightning import GossipCallback

    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    trainer = types.SimpleNamespace(
        optimizers=[optimizer], world_size=1, estimated_stepping_batches=2,
        callback_metrics={"train_loss": torch.tensor(0.5)})
    callback = GossipCallback("gosgd", probability=0.1)
    callback.on_train_start(trainer, model)
    callback.on_before_optimizer_step(trainer, model, optimizer)
    optimizer.step()
    callback.on_train_end(trainer, model)
    assert fake.batches[0][0] == 0.5 and fake.settings.steps == 2
    assert fake.calls[-2:] == ["finish", "close"]
    monkeypatch.delitem(sys.modules, "murmur_gossip.lightning")
