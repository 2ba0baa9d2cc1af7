"""Bringing a workbook into a bank: time and memory of each step, and how they grow with the rows.

``python -m benchmarks.imports [--rows 1000 10000] [--held 100000] [--url …]``. Each size runs in a process of
its own on a fresh database (SQLite unless an empty PostgreSQL is named) whose bank holds ``--held`` questions
already. The bare library (python-calamine: open the file, take all cells) reads the same file in a process of
its own. Told are seconds of the process's CPU (the same on a busy machine), MB beyond the process at rest.
"one unit" is the writing unit that keeps others from writing on SQLite; "longest unit" that of accepting.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from cstrain.app import create_app
from cstrain.config import Settings
from cstrain.documents.tables import write_xlsx
from cstrain.extensions import db, now, session
from cstrain.kernel.ids import PersonId, new_token
from cstrain.questions.authoring.queries import ids_in_review
from cstrain.questions.authoring.service import NewBank, make_bank
from cstrain.questions.intake import queries, service
from cstrain.questions.intake.facts import Upload
from cstrain.questions.intake.service import accepting, writing
from cstrain.questions.models import Question, QuestionText, Topic
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_person

_HEAD = ("题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析", "难度", "知识点")
_CHUNK = 5_000


def workbook(rows: int) -> bytes:
    """Return a workbook of single choice questions, each another one."""
    body = (
        (
            "单选题",
            f"顾客问第{n}号商品今天18点下单能不能当天发货，客服应该怎样回答才合适？",
            f"能，第{n}批当天发出",
            f"不能，第{n}批第二天发出",
            "请顾客自己看页面上的说明",
            "转给仓库回答",
            "ABCD"[n % 4],
            "16:00以后付款的订单第二天发货，大促期间以页面为准。",
            "易中难"[n % 3],
            f"售后/第{n % 20}类",
        )
        for n in range(rows)
    )
    return write_xlsx([_HEAD, *body], sheet="试题")


def main() -> None:
    """Run every size and print what it took, and the growth from size to size."""
    asked = _arguments()
    if asked.one:
        print(json.dumps(_measure(asked.one, asked.held, asked.url)))
        return
    if asked.bare:
        print(json.dumps(_bare(asked.bare)))
        return
    before: dict[str, float] = {}
    for rows in asked.rows:
        found = {
            **_in_a_process("--bare", rows, asked),
            **_in_a_process("--one", rows, asked),
        }
        print(f"{rows:,} rows into a bank of {asked.held:,} questions ({asked.url or 'SQLite'})")
        for name, value in found.items():
            growth = f"   × {value / before[name]:.1f}" if before.get(name) else ""
            print(f"  {name:<44}{value:>10.2f}{growth}")
        before = found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--held", type=int, default=0, help="questions that the bank has already")
    parser.add_argument("--url", default="", help="an empty PostgreSQL database")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--bare", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_a_process(what: str, rows: int, asked: argparse.Namespace) -> dict[str, float]:
    words = [what, str(rows), "--held", str(asked.held), *(["--url", asked.url] if asked.url else [])]
    done = subprocess.run(  # this very program
        [sys.executable, "-m", "benchmarks.imports", *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _bare(rows: int) -> dict[str, float]:
    raw = workbook(rows)
    rest, begun = _peak_mb(), time.process_time()
    CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()
    return {"bare library, s": time.process_time() - begun, "bare library, MB": _peak_mb() - rest}


def _measure(rows: int, held: int, url: str) -> dict[str, float]:
    raw = workbook(rows)
    with tempfile.TemporaryDirectory() as folder:
        address = url or f"sqlite:///{Path(folder) / 'imports.db'}"
        app = create_app(Settings(address, new_token(), secure_cookies=False))
        with app.app_context():
            if url:
                db.drop_all()
            db.create_all()
            trainer, other = make_person("马丽", roles=["trainer"]), make_person("孙悦", roles=["trainer"])
            _fill(held)
            took = _steps(raw, trainer, other)
            db.session.remove()
            db.engine.dispose()
    return took


def _fill(held: int) -> None:
    """Give the bank questions by which duplicates are told; straight into the tables."""
    with unit_of_work():
        bank = make_bank(NewBank("big", "大题库", ""), None).id
        topic = session().scalar(sa.select(Topic.id))
    for first in range(1, held + 1, _CHUNK):
        numbers = range(first, min(first + _CHUNK, held + 1))
        asked = [
            {"id": n, "bank_id": bank, "topic_id": topic, "ref": f"h-{n}", "origin": "own"} for n in numbers
        ]
        texts = [
            {"question_id": n, "words": "", "initials": "", "meaning": hashlib.sha256(b"%d" % n).hexdigest()}
            for n in numbers
        ]
        with unit_of_work():
            session().execute(sa.insert(Question), asked)
            session().execute(sa.insert(QuestionText), texts)
    if held and session().get_bind().dialect.name == "postgresql":
        with unit_of_work():
            session().execute(sa.text(f"SELECT setval('question_id_seq', {held})"))


def _steps(raw: bytes, trainer: PersonId, other: PersonId) -> dict[str, float]:
    took: dict[str, float] = {}
    rest = _peak_mb()
    with unit_of_work():
        batch = service.upload(Upload("big", "", "a.xlsx", raw), trainer, "", now()).id
    took["check, s"] = _seconds(lambda: service.work_through(now))
    took["check, MB"] = _peak_mb() - rest
    with unit_of_work():
        service.confirm(batch, service.Choice("file", ""), trainer, "", now())
    with _watched(writing) as unit:
        took["write, s"] = _seconds(lambda: service.work_through(now))
    took["write, one unit, s"] = max(unit)
    with unit_of_work():
        service.accept_all(batch, other, now())
    with _watched(accepting) as units:
        took["accept, s"] = _seconds(lambda: service.work_through(now))
    took["accept, longest unit, s"] = max(units, default=0.0)
    took["all of it, MB"] = _peak_mb() - rest
    if ids_in_review(batch) or queries.import_to_review(batch).line.imported != raw_rows(raw):
        sys.exit("not everything came in")
    return took


def raw_rows(raw: bytes) -> int:
    """Return how many questions a workbook holds."""
    return len(CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()) - 1


@contextmanager
def _watched(module: Any) -> Iterator[list[float]]:
    """Collect how long each unit of work of a module takes."""
    took: list[float] = []
    original = module.unit_of_work

    @contextmanager
    def watched() -> Iterator[Any]:
        begun = time.process_time()
        with original() as current:
            yield current
        took.append(time.process_time() - begun)

    module.unit_of_work = watched
    try:
        yield took
    finally:
        module.unit_of_work = original


def _seconds(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
