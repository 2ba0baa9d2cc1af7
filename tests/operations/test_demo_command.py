"""``cstrain demo`` as people meet it: a pipe that shows the address at once, a busy port, stopping, again."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
_BUILD_SECONDS = 600


class Demo:
    """A ``cstrain demo`` process whose output is read line by line through a pipe."""

    def __init__(self, folder: Path, port: int) -> None:
        command = [sys.executable, "-m", "cstrain", "demo", "--data-dir", str(folder), "--port", str(port)]
        environment = {"PATH": os.environ["PATH"]}
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.lines: list[str] = []

    def address(self) -> str:
        """Read on until the last line of what it says at its start; return the address."""
        end = time.monotonic() + _BUILD_SECONDS
        assert self.process.stdout is not None
        while time.monotonic() < end and (line := self.process.stdout.readline()):
            self.lines.append(line)
            if line.startswith("stop:"):
                return re.search(r"^cstrain demo: (http://127\.0\.0\.1:\d+)$", "".join(self.lines), re.M)[1]
        pytest.fail("".join(self.lines) + self.process.communicate(timeout=10)[1])

    def stop(self, how: int) -> float:
        begun = time.monotonic()
        self.process.send_signal(how)
        _out, errors = self.process.communicate(timeout=20)
        assert self.process.returncode == 0, errors
        assert "Traceback" not in errors
        return time.monotonic() - begun


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo") / "var" / "demo"


@pytest.fixture
def busy_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield door.getsockname()[1]


def test_the_demo_takes_another_port_answers_and_stops_on_ctrl_c(folder, busy_port):
    demo = Demo(folder, busy_port)
    address = demo.address()
    assert not address.endswith(f":{busy_port}")
    log_ins = [line for line in demo.lines if line.startswith("  ")]
    assert len(log_ins) >= 7
    with urllib.request.urlopen(f"{address}/log-in", timeout=30) as answer:
        assert b"<h1" in answer.read()
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert demo.stop(signal.SIGINT) < 10


def test_a_second_demo_on_the_same_data_is_refused_and_told_where_the_first_is(folder):
    first = Demo(folder, 0)
    address = first.address()
    second = Demo(folder, 0)
    _out, errors = second.process.communicate(timeout=60)
    assert second.process.returncode == 1
    assert address in errors
    assert first.stop(signal.SIGTERM) < 10


@pytest.mark.parametrize(("run", "stays"), [("{demo}; true", False), ("{demo} & echo $!; wait", True)])
def test_the_demo_ends_with_the_script_it_is_in_but_stays_in_the_background(folder, run, stays):
    """A shell that is told to stop does not hand it on to what it runs."""
    demo = f"'{sys.executable}' -m cstrain demo --data-dir '{folder}' --port 0"
    shell = subprocess.Popen(
        ["sh", "-c", run.format(demo=demo)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=_as_from_a_terminal,
    )
    assert shell.stdout is not None
    process = int(shell.stdout.readline()) if stays else None
    address = (
        next(line for line in shell.stdout if line.startswith("cstrain demo: ")).split(": ", 1)[1].strip()
    )
    shell.terminate()
    shell.wait(timeout=10)
    if process is not None:
        time.sleep(1)
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
            assert answer.status == 200
        os.kill(process, signal.SIGTERM)
    _until_refused(address)


def _as_from_a_terminal() -> None:
    """Undo what ``nohup`` or a background job did to the tests: an ignored signal is inherited."""
    for each in (signal.SIGHUP, signal.SIGINT):
        signal.signal(each, signal.SIG_DFL)


def _until_refused(address: str) -> None:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
        except OSError:
            return
        time.sleep(0.2)
    pytest.fail("the demo still answers")


def test_running_it_again_is_quick_and_keeps_key_and_data(folder):
    key = (folder / "secret").read_text()
    before = (folder / "cstrain.db").stat().st_size
    begun = time.monotonic()
    demo = Demo(folder, 0)
    demo.address()
    assert time.monotonic() - begun < 30
    demo.stop(signal.SIGTERM)
    assert (folder / "secret").read_text() == key
    assert (folder / "cstrain.db").stat().st_size >= before
    assert not (folder / "preparing").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_that_is_stopped_while_it_is_prepared_leaves_no_half(tmp_path, how):
    folder = tmp_path / "demo"
    demo = Demo(folder, 0)
    assert demo.process.stdout is not None
    assert "preparing" in demo.process.stdout.readline()
    time.sleep(1.0)
    demo.process.send_signal(how)
    _out, errors = demo.process.communicate(timeout=20)
    assert demo.process.returncode == 130
    assert "Traceback" not in errors
    assert not (folder / "cstrain.db").exists()
