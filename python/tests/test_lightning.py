"""The callback in Lightning's own loop."""

from __future__ import annotations

import subprocess
from typing import Callable

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install torch")
pytest.importorskip("lightning", reason="lightning is not installed: pip install lightning")
from scripts import script  # noqa: E402

pytestmark = pytest.mark.usefixtures("library")

Launch = Callable[..., "subprocess.CompletedProcess[str]"]


def test_peers_of_lightning_agree(launch: Launch) -> None:
    """By all-reduce every step is the same on all, though each has batches of its own."""
    result = launch(script("""
    import logging, warnings
    warnings.filterwarnings("ignore")
    import lightning
    from murmur_gossip.lightning import GossipCallback
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

    class Module(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.network = network()

        def training_step(self, batch, index):
            loss = torch.nn.functional.cross_entropy(self.network(batch[0]), batch[1])
            self.log("train_loss", loss)
            return loss

        def configure_optimizers(self):
            return sgd(self)

    class Ending(lightning.Callback):
        def on_train_end(self, trainer, module):
            metrics = gossip.peer.metrics
            assert metrics.steps == 16 and 0 < metrics.loss < 3, metrics

    generator = torch.Generator().manual_seed(rank)
    x = torch.randn(64, 6, generator=generator)
    batches = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, x[:, :3].argmax(1)), 8)
    gossip = GossipCallback("allreduce", topology="complete")
    trainer = lightning.Trainer(
        callbacks=[Ending(), gossip], devices=1, accelerator="cpu", max_epochs=2, logger=False,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False)
    module = Module()
    start = flat(module).clone()
    trainer.fit(module, batches)
    assert not torch.equal(start, flat(module))
    print("model", flat(module).double().sum().item())
    """), ranks=2)
    models = [line.split("] ")[1] for line in result.stdout.splitlines() if "model" in line]
    assert result.returncode == 0 and len(models) == 2, result.stderr
    assert models[0] == models[1]
