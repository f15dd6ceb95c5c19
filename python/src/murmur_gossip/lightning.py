"""A callback for Lightning: the trainer runs one process, the peer joins it to the others.

::

    trainer = lightning.Trainer(callbacks=[GossipCallback("gosgd", probability=0.1)], devices=1)

It wants ``pip install lightning``, or ``pytorch_lightning``.
"""

from __future__ import annotations

from typing import Any, Optional, Type, Union

try:
    from lightning.pytorch import Callback  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    from pytorch_lightning import Callback  # type: ignore[import-not-found, no-redef, assignment, unused-ignore]

from .algorithm import Algorithm
from .errors import InvalidError
from .peer import Peer


class GossipCallback(Callback):  # type: ignore[misc, unused-ignore]
    """Opens a peer when training begins, tells it each batch's loss, and closes it at the end."""

    def __init__(self, algorithm: Union[str, Type[Algorithm]] = "gosgd", **arguments: Any) -> None:
        """
        :param arguments: those of :class:`murmur_gossip.Peer`; ``steps`` are the trainer's unless told.
        """
        self.peer: Optional[Peer] = None
        self._algorithm = algorithm
        self._arguments = arguments

    def on_train_start(self, trainer: Any, module: Any) -> None:
        """Joins the others."""
        if len(trainer.optimizers) != 1 or trainer.world_size != 1:
            raise InvalidError("a peer takes one optimizer and a trainer of one process; set devices=1 and let "
                               "murmur_gossip.run start several")
        known = trainer.estimated_stepping_batches
        steps = int(known) if known not in (-1, float("inf")) else 0
        self.peer = Peer(module, trainer.optimizers[0], self._algorithm, **{"steps": steps, **self._arguments})

    def on_before_optimizer_step(self, trainer: Any, module: Any, optimizer: Any) -> None:
        """Tells the loss of the batch whose step comes."""
        loss = trainer.callback_metrics.get("train_loss")
        if self.peer is not None and loss is not None:
            self.peer.batch(loss=loss)

    def on_train_end(self, trainer: Any, module: Any) -> None:
        """Answers the others until they are done."""
        if self.peer is not None:
            self.peer.close()

    def on_exception(self, trainer: Any, module: Any, exception: BaseException) -> None:
        """Leaves at once."""
        if self.peer is not None:
            self.peer.close(wait=False)
