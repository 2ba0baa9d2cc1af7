"""The server as a process: starts, answers, refuses, stops cleanly within ten seconds."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import SECRET


class Served:
    """A ``cstrain serve`` process on a database of its own."""

    def __init__(self, folder: Path, url: str, port: int = 0) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "CSTRAIN_SECRET_KEY": SECRET,
            "CSTRAIN_DATA_DIR": str(folder),
            "CSTRAIN_DATABASE_URL": url,
            "CSTRAIN_SECURE_COOKIES": "no",
        }
        self.port = port or free_port()
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cstrain", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def start(self) -> Served:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cstrain", "serve", "--port", str(self.port)],
            env=self.environment,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
        )
        for _ in range(300):
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.get("/health") == b'{"status":"ok"}\n':
                    return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read()

    def stop(self, how: int = signal.SIGTERM) -> tuple[int, float]:
        assert self.process is not None
        begun = time.monotonic()
        self.process.send_signal(how)
        code = self.process.wait(timeout=20)
        return code, time.monotonic() - begun


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture
def served(initialised_sqlite, tmp_path):
    shutil.copy(initialised_sqlite, tmp_path / "cstrain.db")
    server = Served(tmp_path, f"sqlite:///{tmp_path / 'cstrain.db'}")
    yield server.start()
    if server.process is not None and server.process.poll() is None:
        server.process.kill()
        server.process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_server_answers_and_stops_cleanly_within_ten_seconds(served, how):
    assert b"--" in served.get("/static/css/tokens.css")
    code, seconds = served.stop(how)
    assert code == 0, served.log.read_text()
    assert seconds < 10
    assert "Traceback" not in served.log.read_text()


def post_log_in(served: Served, answers: list[int], begun: threading.Event) -> None:
    """Log in with a wrong password through the page, as a browser does; note the answer's status."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    address = f"http://127.0.0.1:{served.port}/log-in"
    with browser.open(address, timeout=60) as page:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())[1]
    form = urllib.parse.urlencode({"csrf_token": token, "username": "A0001", "password": "wrong"}).encode()
    begun.set()
    try:
        with browser.open(address, form, timeout=60) as answer:
            answers.append(answer.status)
    except urllib.error.HTTPError as refused:
        answers.append(refused.code)
        refused.close()


@pytest.mark.slow
def test_a_request_that_is_under_way_is_answered_before_the_end(served, tmp_path):
    answers: list[int] = []
    writer = sqlite3.connect(tmp_path / "cstrain.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    begun = threading.Event()
    asking = threading.Thread(target=post_log_in, args=(served, answers, begun))
    asking.start()
    assert begun.wait(timeout=60)
    time.sleep(1.5)  # by now it waits for the writer
    served.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    assert answers == []
    writer.execute("ROLLBACK")
    writer.close()
    asking.join(timeout=60)
    assert len(answers) == 1
    assert answers[0] < 500
    assert served.process.wait(timeout=10) == 0


@pytest.mark.slow
def test_a_running_server_keeps_restore_and_a_second_server_away(served, tmp_path):
    copy = str(tmp_path / "copy.bak")
    assert served.run("backup", copy).returncode == 0
    refused = served.run("restore", copy)
    assert refused.returncode == 1
    assert "a server is running" in refused.stderr
    second = served.run("serve", "--port", str(free_port()))
    assert second.returncode == 1
    assert f"serves http://127.0.0.1:{served.port}" in second.stderr
    busy = served.run("serve", "--port", str(served.port))
    assert "cannot listen" in busy.stderr
    served.process.kill()
    served.process.wait()
    assert served.run("restore", copy).returncode == 0


@pytest.mark.slow
def test_a_server_does_not_start_on_a_database_that_was_never_set_up(tmp_path):
    server = Served(tmp_path, f"sqlite:///{tmp_path / 'cstrain.db'}")
    done = server.run("serve", "--port", str(server.port))
    assert done.returncode == 1
    assert "cstrain init" in done.stderr
