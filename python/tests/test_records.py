"""Records of a run: files and lines, whose folder it is, the summary, and that ``murmur report`` reads them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

import murmur_gossip
from murmur_gossip._core.course import Course
from murmur_gossip._core.description import yaml
from murmur_gossip._core.run_folder import RunFolder
from murmur_gossip._core.summary import PEER_KEYS, summary

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch")
from small import backward, network, sgd  # noqa: E402

Launch = Callable[..., "subprocess.CompletedProcess[str]"]

FILES = {"config.yaml", "environment.json", "metrics.jsonl", "overrides.txt", "peers", "summary.json"}


def lines(folder: Path) -> List[Dict[str, Any]]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def content(folder: Path) -> Dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def command(program: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The command, where reports look for it."""
    monkeypatch.setenv("MURMUR", program)
    return program


def steps(peer: Any, model: Any, optimizer: Any, count: int, loss: Any = None) -> None:
    for step in range(count):
        backward(model, peer.rank, step)
        if loss is not None:
            peer.batch(loss=loss, samples=16)
        optimizer.step()


# Alone, over the library in Python.


def test_a_folder_has_what_a_run_has(fake: Any, tmp_path: Path) -> None:
    model, folder = network(), tmp_path / "runs" / "mine"
    optimizer = sgd(model)
    with murmur_gossip.Peer(
        model, optimizer, probability=0.5, steps=4, steps_per_epoch=2, seed=7, topology={"name": "grid", "width": 1},
        records=folder,
    ) as peer:
        assert json.loads((folder / "environment.json").read_text())["version"] == murmur_gossip.__version__
        steps(peer, model, optimizer, 4, loss=torch.tensor(1.5))
        peer.record(loss=0.5, accuracy=torch.tensor(0.75))
        peer.record(loss=float("nan"), accuracy=0.5, split="validation")
        peer.record(loss=0.25, accuracy=1, consensus=True)
    assert {path.name for path in folder.iterdir()} == FILES
    assert (folder / "config.yaml").read_text() == (
        'name: "mine"\nseed: 7\nmodel:\n  name: "Sequential"\noptimizer:\n  name: "SGD"\n  learning_rate: 0.05\n'
        'peers: 1\nsteps: 4\nsteps_per_epoch: 2\nalgorithm:\n  name: "gosgd"\n  probability: 0.5\n'
        'topology:\n  name: "grid"\n  width: 1\n')
    tests, training = lines(folder)[:3], lines(folder)[3]
    keys = ("step", "epoch", "peer", "split", "loss", "accuracy", "samples")
    assert [tuple(line[key] for key in keys) for line in tests] == [
        (4, 2.0, 0, "test", 0.5, 0.75, 64), (4, 2.0, 0, "validation", None, 0.5, 64),
        (4, 2.0, None, "test", 0.25, 1.0, 64)]
    assert tuple(training[key] for key in keys) == (4, 2.0, 0, "train", 1.5, None, 64)
    assert training["learning_rate"] == 0.05 and training["time"] > 0
    result = json.loads((folder / "summary.json").read_text())
    assert result["test_accuracy"] == {"consensus": 1.0, "mean": 0.75, "min": 0.75, "max": 0.75}
    assert (result["test_loss"], result["evaluated"], result["ending"]) == (0.25, "consensus", "completed")
    assert (result["algorithm"], result["model"], result["peers"], result["seed"]) == ("gosgd", "Sequential", 1, 7)
    assert result["samples_seen"] == 64 and set(result["per_peer"][0]) == set(PEER_KEYS)
    assert result["train_seconds"] == pytest.approx(
        result["gradient_seconds"] + result["update_seconds"] + result["waiting_seconds"])


@pytest.mark.parametrize("reads_gradient", [False, True])
def test_records_change_nothing_of_the_training(fake: Any, tmp_path: Path, reads_gradient: bool) -> None:
    fake.reads_gradient = reads_gradient
    bare, model = network(), network()
    optimizer = sgd(bare)
    for step in range(6):
        backward(bare, 0, step)
        optimizer.step()
    optimizer = sgd(model)
    with murmur_gossip.Peer(model, optimizer, records=tmp_path / "run") as peer:
        steps(peer, model, optimizer, 6)
    assert all(torch.equal(a, b) for a, b in zip(bare.parameters(), model.parameters()))
    (line,) = [line for line in lines(tmp_path / "run") if line.get("split") == "train"]
    assert (line["step"], line["loss"], line["samples"], line["epoch"]) == (6, None, 6, 0)


def test_without_records_there_is_nothing(fake: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    model = network()
    optimizer = sgd(model)
    with murmur_gossip.Peer(model, optimizer) as peer:
        steps(peer, model, optimizer, 2)
        peer.record(accuracy=0.5)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["metrics.jsonl", "config.yaml", "summary.json"])
def test_a_folder_of_another_run_is_refused_and_keeps_what_it_has(fake: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("theirs\n")
    model = network()
    with pytest.raises(murmur_gossip.InvalidError, match=f"holds {name} of another run already; name a folder"):
        murmur_gossip.Peer(model, sgd(model), records=tmp_path)
    assert content(tmp_path) == {name: b"theirs\n"}
    assert not fake.calls, "the others are not joined first"


def test_a_place_that_cannot_be_a_folder_is_refused(fake: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("theirs")
    model = network()
    for place in (tmp_path / "file", tmp_path / "file" / "run"):
        with pytest.raises(murmur_gossip.InvalidError, match="cannot take the records: .*; name a folder that you may"):
            murmur_gossip.Peer(model, sgd(model), records=place)
    assert (tmp_path / "file").read_text() == "theirs"


def test_a_peer_that_does_not_open_leaves_no_folder(fake: Any, tmp_path: Path) -> None:
    fake.status_of["open"], fake.error = 21, b"another model"
    fake.murmur_peer_wait = lambda peer, command: 21
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("kept")
    for place in (tmp_path / "run", tmp_path / "notes"):
        model = network()
        with pytest.raises(murmur_gossip.MismatchError):
            murmur_gossip.Peer(model, sgd(model), records=place)
    assert not (tmp_path / "run").exists()
    assert content(tmp_path / "notes") == {"mine.txt": b"kept"}


def test_other_processes_refuse_lines_that_are_not_of_this_run(tmp_path: Path) -> None:
    RunFolder(tmp_path / "run", is_first=True)
    other = RunFolder(tmp_path / "run", is_first=False)
    other.append({"step": 1})
    other.give_back()
    assert lines(tmp_path / "run") == [{"step": 1}]
    with pytest.raises(murmur_gossip.InvalidError, match="holds metrics.jsonl of another run"):
        RunFolder(tmp_path / "run", is_first=False)


def test_a_run_that_is_left_early_has_lines_and_no_summary(fake: Any, tmp_path: Path) -> None:
    model = network()
    optimizer = sgd(model)
    with pytest.raises(KeyError):
        with murmur_gossip.Peer(model, optimizer, records=tmp_path / "run") as peer:
            steps(peer, model, optimizer, 3)
            raise KeyError
    assert {path.name for path in (tmp_path / "run").iterdir()} == FILES - {"summary.json"}
    assert [line["step"] for line in lines(tmp_path / "run")] == [3]


def test_steps_that_were_asked_for_and_not_made_are_no_end(fake: Any, tmp_path: Path) -> None:
    model = network()
    optimizer = sgd(model)
    with murmur_gossip.Peer(model, optimizer, steps=5, records=tmp_path / "run") as peer:
        steps(peer, model, optimizer, 3)
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["ending"] == "stopped"


def test_records_that_cannot_be_written_do_not_end_the_training(fake: Any, tmp_path: Path) -> None:
    model = network()
    optimizer = sgd(model)
    peer = murmur_gossip.Peer(model, optimizer, records=tmp_path / "run")
    shutil.rmtree(tmp_path / "run")
    (tmp_path / "run").write_text("in the way")
    with pytest.warns(RuntimeWarning, match="the records in .* end here"):
        peer.record(accuracy=0.5)
    steps(peer, model, optimizer, 2)
    peer.close()
    assert fake.calls[-2:] == ["finish", "close"]


@pytest.mark.parametrize("arguments, sentence", [
    ({}, "nothing to record; give a loss, an accuracy, or both"),
    ({"accuracy": 91.4}, r"accuracy=91.4 is no share of samples; give a number from 0 to 1"),
    ({"loss": 1.0, "split": "train"}, "there is no split 'train'; give 'test' or 'validation'"),
])
def test_what_is_no_score_gets_a_sentence(fake: Any, tmp_path: Path, arguments: Any, sentence: str) -> None:
    model = network()
    with murmur_gossip.Peer(model, sgd(model), records=tmp_path / "run") as peer:
        with pytest.raises(murmur_gossip.InvalidError, match=sentence):
            peer.record(**arguments)


# The parts.


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> List[float]:
    """The time that a course sees."""
    now = [0.0]
    monkeypatch.setattr("murmur_gossip._core.course.perf_counter", lambda: now[0])
    return now


def times_told(course: Course, clock: List[float], count: int, seconds: float) -> List[int]:
    """After which of so many steps it is time to tell."""
    found = []
    for _ in range(count):
        clock[0] += seconds
        if course.stepped(1.0, 1):
            found.append(course.steps)
            course.take_loss()
    return found


@pytest.mark.parametrize("seconds", [0.001, 0.03, 0.4])
def test_training_is_told_about_once_a_second_at_steps_that_peers_share(clock: List[float], seconds: float) -> None:
    count = int(200 / seconds)
    first, second = (times_told(Course(), clock, count, pace) for pace in (seconds, 1.5 * seconds))
    assert 50 <= len(first) <= 200
    assert len(set(first) & set(second)) >= min(len(first), len(second)) // 3


def test_slow_steps_are_all_told_and_slower_ones_soon_again(clock: List[float]) -> None:
    assert times_told(Course(), clock, 5, 2.0) == [1, 2, 3, 4, 5]
    course = Course()
    times_told(course, clock, 4096, 0.001)
    late = times_told(course, clock, 8192, 1.0)
    assert late[-1] - late[-2] <= 4


def test_evaluation_is_no_training(clock: List[float]) -> None:
    course = Course()
    clock[0] = 2.0
    course.stepping()
    clock[0] = 3.0
    course.stepped(float("nan"), 0)
    clock[0] = 10.0
    course.pause()
    clock[0] = 11.0
    course.stepping()
    course.stepped(0.5, 8)
    assert (course.seconds, course.seconds_in_steps, course.samples) == (4.0, 1.0, 9)
    assert course.take_loss() == 0.5 and course.take_loss() is None


def test_a_course_goes_on_from_a_state(fake: Any, tmp_path: Path) -> None:
    model = network()
    optimizer = sgd(model)
    with murmur_gossip.Peer(model, optimizer, records=tmp_path / "run") as peer:
        fake.steps_made = 10
        peer.load_state_dict(peer.state_dict())
        peer.record(accuracy=0.5)
        steps(peer, model, optimizer, 2)
    assert [line["step"] for line in lines(tmp_path / "run")[:-1]] == [10, 12]


def test_settings_are_yaml_that_loses_nothing() -> None:
    text = yaml({"a": {"name": "x: #y", "list": [1, "ü"], "off": False, "none": None}})
    assert text == 'a:\n  name: "x: #y"\n  list: [1, "ü"]\n  off: false\n  none: null\n'


def test_a_summary_of_nobody_is_one() -> None:
    result = summary({"algorithm": "gosgd"}, [], None)
    assert (result["samples_seen"], result["samples_per_second"], result["per_peer"]) == (0, 0.0, [])


# Several processes, over the library.

RUN = f"""
import sys, torch, murmur_gossip
sys.path.insert(0, {str(Path(__file__).parent)!r})
from small import backward, network, sgd
torch.set_num_threads(1)
model = network(); optimizer = sgd(model); average = network()
with murmur_gossip.Peer(
    model, optimizer, sys.argv[2], steps=20, steps_per_epoch=10, records=sys.argv[1],
    transport={{"name": "processes", "silence_seconds": 30}},
) as peer:
    for step in range(20):
        backward(model, peer.rank, step)
        peer.batch(loss=1.0 + peer.rank, samples=16)
        optimizer.step()
        if step in (9, 19):
            average.load_state_dict(peer.consensus())
            peer.record(loss=0.5, accuracy=0.1 * (1 + peer.rank))
            peer.record(loss=0.25, accuracy=0.75, consensus=True)
"""


@pytest.mark.usefixtures("library")
def test_several_processes_write_one_run(launch: Launch, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    result = launch(RUN, str(folder), "dpsgd", ranks=3)
    assert result.returncode == 0, result.stderr
    assert {path.name for path in folder.iterdir()} == FILES
    found = lines(folder)
    training = [line for line in found if line.get("split") == "train"]
    assert {line["peer"] for line in training} == {0, 1, 2}
    assert all(line["loss"] == 1.0 + line["peer"] and line["samples"] == 16 * line["step"] for line in training)
    assert [line["step"] for line in found if line.get("split") == "test" and line["peer"] is None] == [10, 20]
    assert len([line for line in found if line.get("split") == "test"]) == 8
    whole = json.loads((folder / "summary.json").read_text())
    assert [(peer["peer"], peer["steps"], peer["samples"]) for peer in whole["per_peer"]] == [
        (0, 20, 320), (1, 20, 320), (2, 20, 320)]
    assert (whole["peers"], whole["samples_seen"], whole["ending"]) == (3, 960, "completed")
    assert whole["test_accuracy"] == pytest.approx({"consensus": 0.75, "mean": 0.2, "min": 0.1, "max": 0.3})
    assert whole["messages_sent"] == sum(peer["messages_sent"] for peer in whole["per_peer"]) > 0
    assert found[-1] == {
        "kind": "network", "step": 20, "time": pytest.approx(whole["train_seconds"], abs=1e-6),
        "messages": whole["messages_sent"], "bytes": whole["bytes_sent"]}


@pytest.mark.usefixtures("library")
def test_several_processes_leave_another_run_alone(launch: Launch, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "metrics.jsonl").write_text("theirs\n")
    result = launch(RUN, str(folder), "gosgd", ranks=2)
    assert result.returncode != 0 and "holds metrics.jsonl of another run already" in result.stderr
    assert content(folder) == {"metrics.jsonl": b"theirs\n"}


@pytest.mark.usefixtures("library")
def test_the_command_draws_a_report(launch: Launch, tmp_path: Path, command: str) -> None:
    folder = tmp_path / "run"
    assert launch(RUN, str(folder), "gosgd", ranks=2).returncode == 0
    drawn = subprocess.run([command, "report", str(folder)], capture_output=True, text=True)
    assert drawn.returncode == 0 and not drawn.stderr, drawn.stderr
    (folder / "report.html").unlink()
    assert murmur_gossip.report(folder) == folder / "report.html"
    page = (folder / "report.html").read_text()
    assert "gosgd trained Sequential on own data with 2 peers" in page and "0.7500" in page
    several = murmur_gossip.report(folder, str(folder), output=tmp_path / "both.html")
    assert several.read_text().startswith("<!DOCTYPE html>")
    with pytest.raises(murmur_gossip.GossipError, match="is not there; name the folder of a run"):
        murmur_gossip.report(tmp_path / "nothing")


def test_a_report_without_a_command_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("MURMUR", raising=False)
    with pytest.raises(murmur_gossip.GossipError, match="there is no command murmur, .*; install its package"):
        murmur_gossip.report(tmp_path)
    monkeypatch.setenv("MURMUR", sys.executable + "-not")
    with pytest.raises(murmur_gossip.GossipError, match="there is no command .*-not, .* let MURMUR name"):
        murmur_gossip.report(tmp_path)
    with pytest.raises(murmur_gossip.InvalidError, match="there is no run to draw"):
        murmur_gossip.report()
