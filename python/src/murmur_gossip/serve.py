"""A server as a command: ``python -m murmur_gossip.serve --algorithm fedavg key=value ...``.

In a script that all processes run it is a function::

    if murmur_gossip.rank() == murmur_gossip.ranks() - 1:
        murmur_gossip.serve(algorithm="fedavg")
    else:
        peer = murmur_gossip.Peer(model, optimizer, algorithm="fedavg", ...)
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, Optional, Sequence

from .errors import GossipError
from .serving import serve


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command and gives back its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m murmur_gossip.serve", description="Serves the learners of a run until they are done.")
    parser.add_argument("--algorithm", required=True)
    parser.add_argument("--steps", type=int, default=0, help="of each learner")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("options", nargs="*", metavar="KEY=VALUE", help="options of the algorithm")
    words = parser.parse_args(arguments)
    odd = [option for option in words.options if "=" not in option]
    if odd:
        parser.error(f"'{odd[0]}' is no option; write KEY=VALUE")
    options = {key: _value(value) for key, _, value in (option.partition("=") for option in words.options)}
    try:
        serve(words.algorithm, steps=words.steps, seed=words.seed, **options)
    except GossipError as error:
        print(f"murmur_gossip.serve: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
