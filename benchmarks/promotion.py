"""Whole-staff evaluation and simulation: time, statements, memory and how they grow with the staff.

``python -m benchmarks.promotion [--people 1000 10000] [--months 24] [--departments 200] [--url …]``. Each
size runs in a process of its own on a fresh database (SQLite unless an empty PostgreSQL is named). Closed
months, deductions and register entries are put straight into the tables. Judged are: everybody by the ladder
of their department, everybody by every ladder in force, and a trial of a changed ladder.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cstrain.app import create_app
from cstrain.config import Settings
from cstrain.extensions import db
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.calendar import add_months
from cstrain.kernel.clock import SettableClock
from cstrain.kernel.ids import new_token
from cstrain.promotion import changing, ladders, queries
from cstrain.promotion.queries import Scope

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
ON = NOW.date()
_CHUNK = 20_000
_LEVELS = ("junior", "intermediate", "senior")
_SEED = 4


def main() -> None:
    """Run every size and print one line each, and the growth from size to size."""
    asked = _arguments()
    if asked.one is not None:
        print(json.dumps(_measure(asked.one, asked.months, asked.departments, asked.url)))
        return
    before: dict[str, Any] = {}
    for people in asked.people:
        words = ["--one", str(people), "--months", str(asked.months), "--departments", str(asked.departments)]
        done = subprocess.run(  # this very program
            [
                sys.executable,
                "-m",
                "benchmarks.promotion",
                *words,
                *(["--url", asked.url] if asked.url else []),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(done.stderr)
        found = json.loads(done.stdout)
        _say(found, before)
        before = found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--departments", type=int, default=200, help="people in a department")
    parser.add_argument("--url", default="", help="an empty PostgreSQL database")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _say(found: dict[str, Any], before: dict[str, Any]) -> None:
    print(f"{found['people']} people, {found['months']} months, {found['departments']} departments")
    for name in ("own ladder", "every ladder", "simulation"):
        one = found[name]
        grown = f", x{one['busy'] / before[name]['busy']:.1f}" if before else ""
        print(
            f"  {name:13} {one['seconds']:8.2f} s ({one['busy']:.2f} s busy{grown})  "
            f"{one['statements']:6} statements  {one['judgements']:8} judged  peak {one['peak_mb']:.0f} MB"
        )


def _measure(people: int, months: int, size: int, url: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=url or f"sqlite:///{Path(folder) / 'bench.db'}",
            secret_key=new_token(),
            secure_cookies=False,
        )
        app = create_app(settings, SettableClock(NOW))
        with app.app_context():
            db.create_all()
            departments = _fill(people, months, size)
            found: dict[str, Any] = {"people": people, "months": months, "departments": departments}
            found["own ladder"] = _timed(lambda: sum(1 for _ in queries.evaluate(ON)))
            found["every ladder"] = _timed(lambda: sum(1 for _ in queries.evaluate(ON, Scope(every=True))))
            found["simulation"] = _timed(_simulate)
            if url:
                db.session.remove()
                db.drop_all()
        return found


def _simulate() -> int:
    present = ladders.ladder("general", ON)
    return queries.simulate(_changed(present), ON, present).people


def _changed(ladder: Ladder) -> Ladder:
    """Return the ladder with one month less wherever a number of months is asked."""
    fewer = {
        one.key: one.value - 1
        for one in changing.numbers(ladder)
        if one.name == "months" and one.value > Decimal(3)
    }
    return changing.with_numbers(ladder, fewer)


def _timed(act: Callable[[], int]) -> dict[str, Any]:
    statements = 0

    def note(*_whatever: object) -> None:
        nonlocal statements
        statements += 1

    sa.event.listen(db.engine, "before_cursor_execute", note)
    began, busy = time.perf_counter(), time.process_time()
    judgements = act()
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    sa.event.remove(db.engine, "before_cursor_execute", note)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "busy": busy,
        "statements": statements,
        "judgements": judgements,
        "peak_mb": peak,
    }


def _fill(people: int, months: int, size: int) -> int:
    """Fill the tables and return the number of departments."""
    chance = random.Random(_SEED)  # a benchmark, no secret
    departments = max(1, people // size)
    refs = [one.ref for one in ladders.ladders(ON) if one.kind == "level"]
    closed = [add_months(date(ON.year, ON.month, 1), -back) for back in range(months, 0, -1)]
    _insert("department", (_department(number) for number in range(1, departments + 1)))
    _insert("person", (_person(number) for number in range(1, people + 1)))
    _insert("employment_state", _states(people, departments, chance))
    _insert("ladder_binding", (_binding(place, refs) for place in range(1, departments + 1)))
    _insert("month_close", (_close(place, month) for place in range(1, departments + 1) for month in closed))
    _insert("performance_month", _months(people, departments, closed, chance))
    _insert("deduction", _deductions(people, closed, chance))
    _insert("register_entry", _entries(people, closed, chance))
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()
    return departments


def _insert(table: str, rows: Iterator[dict[str, Any]]) -> None:
    target = db.metadata.tables[table]
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == _CHUNK:
            db.session.execute(sa.insert(target), waiting)
            waiting = []
    if waiting:
        db.session.execute(sa.insert(target), waiting)
    db.session.commit()


def _department(number: int) -> dict[str, Any]:
    return {"code": f"D{number}", "name": f"客服{number}部", "week": "six_days", "is_active": True}


def _person(number: int) -> dict[str, Any]:
    return {
        "staff_no": f"B{number:06d}",
        "name": f"员工{number}",
        "name_pinyin": "",
        "name_initials": "",
        "hire_date": date(2020, 1 + number % 12, 1 + number % 28),
        "created_at": NOW,
    }


def _place(number: int, departments: int) -> int:
    return (number - 1) % departments + 1


def _level(number: int) -> str:
    return _LEVELS[(0, 0, 0, 1, 1, 2)[number % 6]]


def _states(people: int, departments: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    common = {"track": "basic", "post": "客服专员", "reason": "期初", "source": "opening", "recorded_at": NOW}
    for number in range(1, people + 1):
        place = {"person_id": number, "department_id": _place(number, departments), **common}
        yield place | {
            "effective_from": date(2020, 1 + number % 12, 1 + number % 28),
            "status": "probation",
            "level": None,
        }
        held = date(2022 + chance.randrange(4), chance.randrange(1, 13), chance.randrange(1, 29))
        yield place | {"effective_from": held, "status": "converted", "level": _level(number)}


def _binding(place: int, refs: list[str]) -> dict[str, Any]:
    return {
        "department_id": place,
        "ladder_ref": refs[place % len(refs)],
        "effective_from": date(2020, 1, 1),
        "note": "",
        "bound_at": NOW,
    }


def _close(place: int, month: date) -> dict[str, Any]:
    after = add_months(month, 1)
    return {
        "department_id": place,
        "month": month,
        "number": 1,
        "opening": False,
        "people": 0,
        "gaps": [],
        "closed_by": 1,
        "closed_at": datetime(after.year, after.month, 21, tzinfo=UTC),
        "closed_on": after.replace(day=21),
    }


def _months(
    people: int, departments: int, closed: list[date], chance: random.Random
) -> Iterator[dict[str, Any]]:
    for number in range(1, people + 1):
        for month in closed:
            yield {
                "person_id": number,
                "month": month,
                "revision": 1,
                "department_id": _place(number, departments),
                "level": _level(number),
                "post": "客服专员",
                "probation": False,
                "away": chance.random() < 0.02,
                "score": Decimal(chance.randrange(60, 100)),
                "grade": chance.choice("SAAABBC"),
                "brand_points": Decimal(chance.randrange(50, 120)),
                "chats": chance.randrange(400, 900),
                "csat": Decimal(chance.randrange(80, 100)),
                "resolution": Decimal(chance.randrange(80, 100)),
                "handle_minutes": Decimal(chance.randrange(3, 9)),
                "opening": False,
                "source": "import",
                "source_note": "",
                "reason": "",
                "entered_by": _by(number),
                "entered_at": NOW,
                "entered_on": add_months(month, 1),
            }


def _deductions(people: int, closed: list[date], chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, people + 1):
        for month in closed:
            if chance.random() < 0.2:
                yield {
                    "person_id": number,
                    "day": month.replace(day=chance.randrange(1, 29)),
                    "rule_set": "hotline",
                    "edition": 1,
                    "code": "D-01",
                    "rule_text": "语气生硬",
                    "points": 10,
                    "times": 1,
                    "total": 10,
                    "set_aside": [],
                    "evidence": "",
                    "booked_by": _by(number),
                    "booked_at": NOW,
                }


def _entries(people: int, closed: list[date], chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, people + 1):
        if chance.random() < 0.3:
            yield {
                "person_id": number,
                "kind": chance.choice(("award", "proposal", "suggestion", "violation")),
                "day": chance.choice(closed),
                "text": "登记",
                "evidence": "",
                "vip": False,
                "major": False,
                "entered_by": _by(number),
                "entered_at": NOW,
            }


def _by(person: int) -> int:
    """Return who wrote something down about a person: never the person."""
    return 2 if person == 1 else 1


if __name__ == "__main__":
    main()
