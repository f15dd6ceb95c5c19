"""Starts the processes of a run on this machine: ``python -m murmur_gossip.run -n 4 train.py --epochs 3``.

Every process runs the same script. It learns who it is from its environment:

``MURMUR_RANK``
    Its number, from 0.
``MURMUR_RANKS``
    How many there are.
``MURMUR_RENDEZVOUS``
    A folder where they find each other, which is gone once all have ended.

``OMP_NUM_THREADS`` is set to this process' share of the cores unless it is set already. What a process prints comes
out line by line behind its number. Signals are passed on; a second Ctrl-C kills. The exit status is 0, or that of the
process that failed first: 128 + N where signal N ended it, as in a shell.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import BinaryIO, Callable, Dict, List, Optional, Sequence

PASSED_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
_PR_SET_PDEATHSIG = 1


class _Lines:
    """Bytes of one process' stream, handed on in whole lines behind the number of the process."""

    def __init__(self, prefix: bytes, target: BinaryIO) -> None:
        self._prefix = prefix
        self._target = target
        self._rest = b""

    def add(self, data: bytes) -> None:
        """Prints every line that is complete by now."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if lines:
            self._target.write(b"".join(self._prefix + line + b"\n" for line in lines))
            self._target.flush()

    def end(self) -> None:
        """Prints what came behind the last line."""
        if self._rest:
            self.add(b"\n")


def environment(rank: int, ranks: int, rendezvous: str) -> Dict[str, str]:
    """The environment of one process: this one's, and who it is among the others."""
    values = dict(os.environ)
    values.update(
        MURMUR_RANK=str(rank), MURMUR_RANKS=str(ranks), MURMUR_RENDEZVOUS=rendezvous, PYTHONUNBUFFERED="1")
    values.setdefault("OMP_NUM_THREADS", str(max(1, len(os.sched_getaffinity(0)) // ranks)))
    return values


def _dying_with_parent() -> Callable[[], None]:
    """What a child does before its program begins, so that nobody is left behind when the launcher is killed."""
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def prepare() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def status_of(return_code: int) -> int:
    """The exit status of a process as a shell tells it: 128 + N where signal N ended it."""
    return 128 - return_code if return_code < 0 else return_code


class Launcher:
    """The processes of one run and their output, on the caller's thread, which must be the main one.

    It reads pipes and waits for signals by one selector, so it sleeps while nothing happens.
    """

    def __init__(
        self, command: Sequence[str], ranks: int, *, keep_going: bool = False, prefix: bool = True,
        grace_seconds: float = 5.0, rendezvous: Optional[str] = None,
    ) -> None:
        """
        :param command: program and arguments of every process.
        :param keep_going: whether the others go on when one fails.
        :param prefix: whether lines begin with the number of their process.
        :param grace_seconds: how long a process may take to end before it is killed.
        :param rendezvous: the folder in which they meet; one of its own where there is none.
        """
        self._command = list(command)
        self._ranks = ranks
        self._keep_going = keep_going
        self._prefix = prefix
        self._grace_seconds = grace_seconds
        self._rendezvous = rendezvous
        self._processes: List[subprocess.Popen[bytes]] = []
        self._alive: Dict[int, subprocess.Popen[bytes]] = {}
        self._selector = selectors.DefaultSelector()
        self._deadline: Optional[float] = None
        self._interrupts = 0
        self._status = 0

    def run(self) -> int:
        """Starts all, waits until all have ended, and gives back the exit status."""
        folder = self._rendezvous or tempfile.mkdtemp(prefix="murmur-")
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        before = {number: signal.signal(number, self._pass_on) for number in PASSED_SIGNALS}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        descriptor_before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self._selector.register(reading, selectors.EVENT_READ)
        try:
            for rank in range(self._ranks):
                self._start(rank, folder)
            self._wait(reading)
        finally:
            for process in self._alive.values():
                process.kill()
            self._drain()
            signal.set_wakeup_fd(descriptor_before)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._selector.close()
            os.close(reading)
            os.close(writing)
            if self._rendezvous is None:
                shutil.rmtree(folder, ignore_errors=True)
        return self._status

    def _spawn(self, environment: Dict[str, str]) -> "subprocess.Popen[bytes]":
        # A session of its own: Ctrl-C at the terminal comes once, by way of the launcher.
        return subprocess.Popen(
            self._command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, preexec_fn=_dying_with_parent())

    def _start(self, rank: int, folder: str) -> None:
        process = self._spawn(environment(rank, self._ranks, folder))
        self._processes.append(process)
        self._alive[rank] = process
        prefix = f"[{rank}] ".encode() if self._prefix else b""
        for stream, target in ((process.stdout, sys.stdout.buffer), (process.stderr, sys.stderr.buffer)):
            assert stream is not None
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream, selectors.EVENT_READ, _Lines(prefix, target))

    def _wait(self, reading: int) -> None:
        while self._alive:
            timeout = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
            for key, _ in self._selector.select(timeout):
                if key.fd == reading:
                    os.read(reading, 4096)
                else:
                    self._read(key)
            self._reap()
            if self._deadline is not None and time.monotonic() >= self._deadline:
                self._deadline = None
                self._signal_all(signal.SIGKILL)

    def _read(self, key: selectors.SelectorKey) -> bool:
        """Whether there was something."""
        try:
            data = os.read(key.fd, 1 << 16)
        except BlockingIOError:
            return False
        if data:
            key.data.add(data)
            return True
        self._selector.unregister(key.fileobj)
        key.data.end()
        key.fileobj.close()  # type: ignore[union-attr]
        return False

    def _reap(self) -> None:
        for rank, process in list(self._alive.items()):
            code = process.poll()
            if code is None:
                continue
            del self._alive[rank]
            if code == 0:
                continue
            self._status = self._status or status_of(code)
            how = f"signal {-code}" if code < 0 else f"status {code}"
            if self._alive and not self._keep_going and self._deadline is None and self._interrupts == 0:
                print(f"murmur_gossip.run: rank {rank} ended with {how}; ending the others", file=sys.stderr)
                self._end_all()
            elif self._interrupts == 0 and self._deadline is None:
                print(f"murmur_gossip.run: rank {rank} ended with {how}", file=sys.stderr)

    def _end_all(self) -> None:
        self._signal_all(signal.SIGTERM)
        # A stopped process does not hear that it is to end.
        self._signal_all(signal.SIGCONT)
        self._deadline = time.monotonic() + self._grace_seconds

    def _signal_all(self, number: int) -> None:
        for process in self._alive.values():
            try:
                os.killpg(process.pid, number)
            except (ProcessLookupError, PermissionError):
                pass

    def _pass_on(self, number: int, frame: object) -> None:
        if number in (signal.SIGINT, signal.SIGTERM):
            self._interrupts += 1
            self._status = self._status or 128 + number
            if self._interrupts > 1:
                number = signal.SIGKILL
            elif self._deadline is None:
                self._deadline = time.monotonic() + self._grace_seconds
        self._signal_all(number)

    def _drain(self) -> None:
        """Prints what lies in the pipes still; a grandchild that holds one open is not waited for."""
        for key in list(self._selector.get_map().values()):
            if not isinstance(key.data, _Lines):
                continue
            while self._read(key):
                pass
            if key.fileobj in [entry.fileobj for entry in self._selector.get_map().values()]:
                self._selector.unregister(key.fileobj)
                key.data.end()
                key.fileobj.close()  # type: ignore[union-attr]
        for process in self._processes:
            process.wait()


def _positive(text: str) -> int:
    value = int(text) if text.isdigit() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of processes; give 1 or more, such as -n 4")
    return value


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    arguments = argparse.ArgumentParser(
        prog="python -m murmur_gossip.run", description="Starts the processes of a run on this machine.")
    arguments.add_argument("-n", "--processes", type=_positive, required=True, help="how many")
    arguments.add_argument("--keep-going", action="store_true", help="the others go on when one fails")
    arguments.add_argument("--no-prefix", action="store_true", help="print lines as they come, without their rank")
    arguments.add_argument("--grace", type=float, default=5.0, metavar="SECONDS", help="before who must end is killed")
    arguments.add_argument("--rendezvous", metavar="FOLDER", help="where they meet, in place of a folder of its own")
    arguments.add_argument("-m", dest="module", action="store_true", help="SCRIPT is the name of a module")
    arguments.add_argument("script", help="the Python file that every process runs")
    arguments.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    return arguments


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command and gives back its exit status."""
    options = parser().parse_args(arguments)
    if not options.module and not os.path.isfile(options.script):
        print(f"murmur_gossip.run: there is no file {options.script}; name the script to run", file=sys.stderr)
        return 66
    command = [sys.executable, *(["-m"] if options.module else []), options.script, *options.arguments]
    return Launcher(
        command, options.processes, keep_going=options.keep_going, prefix=not options.no_prefix,
        grace_seconds=options.grace, rendezvous=options.rendezvous).run()


if __name__ == "__main__":
    sys.exit(main())
