"""A server without torch: the peer behind the learners that FedAvg, Downpour and elastic averaging have."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Type, Union

from ._core.catalogue import checked_traits
from ._core.choices import Choice, split_choice
from ._core.handle import PeerHandle, Settings, algorithm_traits
from .algorithm import Algorithm, check_options, registered_name
from .errors import InvalidError


def serve(
    algorithm: Union[str, Type[Algorithm]], *, steps: int = 0, topology: Choice = None, compression: Choice = None,
    transport: Choice = None, seed: int = 1, **options: Any,
) -> Dict[str, float]:
    """Serves the learners until all of them are done or gone, and gives back what came to pass, as ``Peer.metrics``.

    The arguments are those of :class:`Peer`, and the same as the learners have.
    """
    if isinstance(algorithm, str):
        name, traits = algorithm, checked_traits(algorithm, options)
    else:
        name = registered_name(algorithm)
        check_options(algorithm, options)
        traits = algorithm_traits(name, options)
    if not traits.servers:
        raise InvalidError(f"{name} has no server; let every process make a Peer")
    choices: Mapping[str, Choice] = {"topology": topology, "compression": compression, "transport": transport}
    words: Dict[str, Any] = {}
    for what, choice in choices.items():
        words[what], words[f"{what}_options"] = split_choice(choice, what)
    handle = PeerHandle(
        Settings(
            algorithm=name, algorithm_options=options, steps=steps, seed=seed, is_server=True, **words), [])
    try:
        while handle.wait():
            pass
        return handle.metrics()
    finally:
        handle.close()
