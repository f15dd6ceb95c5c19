"""The launcher: who is told what, how failures and signals go on, and what is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

from murmur_gossip.run import status_of


def command(*arguments: str) -> List[str]:
    return [sys.executable, "-m", "murmur_gossip.run", *arguments]


def launch(tmp_path: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "script.py"
    file.write_text(script)
    return subprocess.run(command(*arguments, str(file)), capture_output=True, text=True, timeout=60)


def test_every_process_knows_who_it_is(tmp_path: Path) -> None:
    script = "import os; print(os.environ['MURMUR_RANK'], os.environ['MURMUR_RANKS'], os.environ['MURMUR_RENDEZVOUS'])"
    result = launch(tmp_path, script, "-n", "3")
    lines = sorted(result.stdout.splitlines())
    assert result.returncode == 0
    assert [line.split()[:3] for line in lines] == [[f"[{rank}]", str(rank), "3"] for rank in range(3)]
    folder = lines[0].split()[3]
    assert not os.path.exists(folder), "the folder where they met is left behind"


def test_lines_come_whole_even_without_an_end(tmp_path: Path) -> None:
    script = "import sys; sys.stdout.write('a\\nb'); sys.stderr.write('c')"
    result = launch(tmp_path, script, "-n", "1")
    assert result.stdout == "[0] a\n[0] b\n"
    assert "[0] c\n" in result.stderr
    assert launch(tmp_path, script, "-n", "1", "--no-prefix").stdout == "a\nb\n"


def test_a_failure_ends_the_others(tmp_path: Path) -> None:
    script = "import os, signal, sys\nif os.environ['MURMUR_RANK'] == '1': sys.exit(7)\nsignal.pause()"
    result = launch(tmp_path, script, "-n", "3")
    assert result.returncode == 7
    assert "rank 1 ended with status 7; ending the others" in result.stderr


def test_who_does_not_hear_is_killed(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\nif os.environ['MURMUR_RANK'] == '1': sys.exit(7)\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: signal.pause()")
    assert launch(tmp_path, script, "-n", "2", "--grace", "0.1").returncode == 7


def test_the_others_go_on_where_told(tmp_path: Path) -> None:
    script = "import os, sys\nif os.environ['MURMUR_RANK'] == '1': sys.exit(7)\nprint('done')"
    result = launch(tmp_path, script, "-n", "3", "--keep-going")
    assert result.returncode == 7
    assert sorted(result.stdout.splitlines()) == ["[0] done", "[2] done"]


def test_a_death_by_signal_is_told_as_a_shell_does(tmp_path: Path) -> None:
    assert launch(tmp_path, "import os; os.kill(os.getpid(), 9)", "-n", "1").returncode == 128 + 9
    assert [status_of(code) for code in (0, 3, -15)] == [0, 3, 143]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1])
def test_signals_are_passed_on(tmp_path: Path, number: int) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import signal, sys\n"
        f"signal.signal({int(number)}, lambda *_: (print('heard'), sys.exit(0)))\n"
        "print('ready')\nwhile True: signal.pause()")
    process = subprocess.Popen(command("-n", "2", str(script)), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert sorted(process.stdout.readline() for _ in range(2)) == ["[0] ready\n", "[1] ready\n"]
    process.send_signal(number)
    rest = process.stdout.read()
    process.wait(timeout=60)
    # A user's signal is the script's business: the status is the script's. One that ends is the launcher's, too.
    assert sorted(rest.splitlines()) == ["[0] heard", "[1] heard"]
    assert process.returncode == (0 if number == signal.SIGUSR1 else 128 + number)


def test_nobody_is_left_when_the_launcher_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import os, signal\nprint(os.getpid())\nsignal.pause()")
    process = subprocess.Popen(command("-n", "1", str(script)), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = int(process.stdout.readline().split()[1])
    handle = os.pidfd_open(child)
    process.kill()
    process.wait()
    import select

    assert select.select([handle], [], [], 30)[0], "the rank lives on without its launcher"


@pytest.mark.parametrize("count", ["0", "-1", "two"])
def test_a_wrong_number_is_refused_with_a_remedy(count: str) -> None:
    result = subprocess.run(command("-n" + count, "x.py"), capture_output=True, text=True)
    assert result.returncode == 2
    assert "such as -n 4" in result.stderr


def test_a_missing_script_is_named() -> None:
    result = subprocess.run(command("-n", "2", "nowhere.py"), capture_output=True, text=True)
    assert result.returncode == 66
    assert "there is no file nowhere.py" in result.stderr
