"""Processes that are forked from one in which torch is loaded already, so that no test waits four seconds for that.

Run as a program it reads requests, a line of JSON each, forks a child that carries it out, and answers with the exit
status that the child came to. What is run behaves as under ``python -m murmur_gossip.run -n N FILE ...``: signals,
output, environment, exit status; only an interpreter's end is another, since ranks end by ``_exit`` behind their exit
functions. Without ranks the child itself runs the script, and its interpreter ends as any. Tests of the launcher and of
workers start real interpreters.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import select
import signal
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, BinaryIO, Dict, List, Optional

from murmur_gossip.run import PASSED_SIGNALS, Launcher, _dying_with_parent


class LoadedPython:
    """The process with torch in it, started with the first request."""

    def __init__(self) -> None:
        self._process: Optional[subprocess.Popen[str]] = None

    def run(
        self, file: Path, *arguments: str, ranks: int, environment: Dict[str, str], keep_going: bool = False,
        timeout: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a script and gives back what it came to.

        :param ranks: how many processes run it below a launcher; 0 is one without.
        :raises subprocess.TimeoutExpired: behind the time, with all its processes killed. The message tells what the
            threads of the child waited for.
        """
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                env={**os.environ, "OMP_NUM_THREADS": "1"})
        assert self._process.stdin is not None and self._process.stdout is not None
        out, err = file.with_suffix(".out"), file.with_suffix(".err")
        request = {"file": str(file), "arguments": arguments, "ranks": ranks, "keep_going": keep_going,
                   "environment": environment, "out": str(out), "err": str(err)}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], timeout)[0]:
            where = waiting(self._process.pid)
            self.end()
            raise subprocess.TimeoutExpired(str(file), timeout, where, err.read_text())
        return subprocess.CompletedProcess(
            [str(file), *arguments], int(self._process.stdout.readline()), out.read_text(), err.read_text())

    def end(self) -> None:
        """Ends the process, and with it whatever it has forked."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def waiting(process: int) -> str:
    """What the threads of a process and of all below it wait in, a line each."""
    def read(folder: Path, name: str) -> str:
        try:
            return (folder / name).read_text().strip()
        except OSError as error:
            return f"({name}: {error.strerror})"

    threads = sorted(Path(f"/proc/{process}/task").iterdir())
    lines = [" ".join(read(thread, name) for name in ("comm", "wchan", "syscall")) for thread in threads]
    children = [child for thread in threads for child in read(thread, "children").split() if child.isdigit()]
    return "\n".join([f"process {process}:", *lines, *(waiting(int(child)) for child in children)])


class _Fork:
    """A forked process that runs a script, as ``subprocess.Popen`` shows one."""

    def __init__(self, command: List[str], environment: Dict[str, str]) -> None:
        (out, out_there), (err, err_there) = os.pipe(), os.pipe()
        prepare = _dying_with_parent()
        self.returncode: Optional[int] = None
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            prepare()
            signal.set_wakeup_fd(-1)
            for number in (*PASSED_SIGNALS, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out_there, 1)
            os.dup2(err_there, 2)
            os.closerange(3, 256)
            os.environ.clear()
            os.environ.update(environment)
            _end(_script(command))
        os.close(out_there)
        os.close(err_there)
        self.stdout: BinaryIO = os.fdopen(out, "rb", buffering=0)  # type: ignore[assignment]
        self.stderr: BinaryIO = os.fdopen(err, "rb", buffering=0)  # type: ignore[assignment]

    def poll(self) -> Optional[int]:
        return self._ended(os.WNOHANG)

    def wait(self) -> Optional[int]:
        return self._ended(0)

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _ended(self, options: int) -> Optional[int]:
        if self.returncode is None:
            process, status = os.waitpid(self.pid, options)
            if process:
                self.returncode = os.WTERMSIG(status) * -1 if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        return self.returncode


class _ForkingLauncher(Launcher):
    """The launcher, whose processes are forked from the one that it runs in."""

    def _spawn(self, environment: Dict[str, str]) -> Any:
        return _Fork(self._command, environment)


def _script(command: List[str]) -> int:
    """Runs a script with its arguments as the main module and gives back the exit status."""
    sys.argv = command
    sys.path[0] = os.path.dirname(command[0])
    try:
        runpy.run_path(command[0], run_name="__main__")
    except SystemExit as exit:
        if exit.code is None or isinstance(exit.code, int):
            return exit.code or 0
        print(exit.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _end(status: int) -> None:
    """Ends a forked process as far as an interpreter's end can be had there."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        traceback.print_exc()
        status = status or 1
    os._exit(status)


def _prepare(request: Dict[str, Any]) -> None:
    """Gives a child the environment of its request, and its files for what it says."""
    for descriptor, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
    os.environ.clear()
    os.environ.update(request["environment"])


def _serve() -> Optional[Dict[str, Any]]:
    """Forks a child for every request. Gives that back there, and nothing once no more come."""
    import torch

    # What the first step of an optimizer loads.
    import torch._dynamo  # noqa: F401

    torch.set_num_threads(1)
    prepare = _dying_with_parent()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            prepare()
            return dict(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), flush=True)
    return None


if __name__ == "__main__":
    request = _serve()
    if request is not None:
        _prepare(request)
        if request["ranks"] == 0:
            sys.exit(_script([request["file"], *request["arguments"]]))
        _end(_ForkingLauncher(
            [request["file"], *request["arguments"]], request["ranks"], keep_going=request["keep_going"]).run())
