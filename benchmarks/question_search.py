"""Searching the question library: time, memory and how they grow with the questions.

``python -m benchmarks.question_search [--questions 1000 10000 100000] [--url …]``. Each size runs in a
process of its own on a fresh database (SQLite unless an empty PostgreSQL is named). Told are, in milliseconds
(the median of ``--rounds``), what a page of the library costs without its HTML, beside a bare
``SELECT … LIKE`` over the stems in the same run; an act on 5,000 questions and undoing it; and the whole page
over HTTP.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cstrain.app import create_app
from cstrain.config import Settings
from cstrain.extensions import db, session
from cstrain.kernel.clock import SettableClock
from cstrain.kernel.ids import PersonId, new_token
from cstrain.questions.library import queries, service
from cstrain.questions.library.facts import MOST_AT_ONCE, BulkAct, Wanted
from cstrain.questions.models import Bank, Question, QuestionTag, QuestionVersion, Topic
from cstrain.questions.store import set_texts
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.people import make_person
from tests.web.page_client import PageClient

_CHUNK = 5_000
_SEED = 5
_TOPICS = 20
_WHO = ("顾客", "新顾客", "老会员", "代购", "企业客户", "直播间的顾客", "学生", "批发商")
_WHAT = ("要求退货", "问保价", "要改地址", "催发货", "说少发了一件", "要开发票", "嫌运费贵", "收到破损的箱子")
_WHEN = ("签收当天", "签收后七天内", "大促期间", "夜里十一点", "付款以后", "发货以前", "换货的路上", "月底")
_ASKS = (
    "应该先做什么",
    "怎么回复才合适",
    "谁来承担运费",
    "多少小时内要回",
    "备注里写什么",
    "能不能答应",
    "要报给谁",
)
_GOODS = "收纳箱衣柜鞋架置物筐抽屉柜挂钩垃圾桶晾衣架保鲜盒储物凳旅行袋压缩袋"


def main() -> None:
    """Run every size and print what it took, and the growth from size to size."""
    asked = _arguments()
    if asked.one is not None:
        print(json.dumps(_measure(asked.one, asked.rounds, asked.url)))
        return
    before: dict[str, Any] = {}
    for size in asked.questions:
        words = [
            "--one",
            str(size),
            "--rounds",
            str(asked.rounds),
            *(["--url", asked.url] if asked.url else []),
        ]
        done = subprocess.run(  # this very program
            [sys.executable, "-m", "benchmarks.question_search", *words],
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
    parser.add_argument("--questions", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _say(found: dict[str, Any], before: dict[str, Any]) -> None:
    print(f"{found['questions']:,} questions on {found['database']}")
    for name, value in found["took"].items():
        earlier = before.get("took", {}).get(name)
        growth = f"   × {value / earlier:.1f}" if earlier else ""
        print(f"  {name:<46}{value:>10.1f}{growth}")
    print(f"  {'peak memory, MB (idle ' + str(found['idle_mb']) + ')':<46}{found['peak_mb']:>10.0f}")


def _measure(size: int, rounds: int, url: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        address = url or f"sqlite:///{Path(folder) / 'search.db'}"
        app = create_app(Settings(address, new_token(), secure_cookies=False), SettableClock(START))
        with app.app_context():
            if url:
                db.drop_all()
            db.create_all()
            person = make_person("周明", roles=["trainer"])
            _fill(size)
            idle = _peak_mb()
            took = {name: _median(act, rounds) for name, act in _searches(size).items()}
            took |= _acts(PersonId(person), size)
            session().rollback()
        took |= _over_http(app, person, rounds)
        with app.app_context():
            database = db.engine.dialect.name
            db.engine.dispose()
    return {"questions": size, "database": database, "took": took, "idle_mb": idle, "peak_mb": _peak_mb()}


def _fill(size: int) -> None:
    """Put questions straight into the tables, a chunk at a time."""
    chance = random.Random(_SEED)
    with unit_of_work():
        bank = Bank(name="big", title="大题库", description="", origin="own")
        session().add(bank)
        session().flush()
        topics = [Topic(bank_id=bank.id, ref=f"t-{n}", title=f"主题{n}", position=n) for n in range(_TOPICS)]
        session().add_all(topics)
        session().flush()
        places = (bank.id, [each.id for each in topics])
    for first in range(0, size, _CHUNK):
        with unit_of_work():
            _chunk(range(first + 1, min(first + _CHUNK, size) + 1), *places, chance)
    with db.engine.begin() as connection:
        connection.execute(sa.text("ANALYZE"))


def _chunk(numbers: range, bank_id: int, topics: list[int], chance: random.Random) -> None:
    contents = {number: _content(number, chance) for number in numbers}
    session().execute(
        sa.insert(Question),
        [
            {
                "id": number,
                "bank_id": bank_id,
                "topic_id": chance.choice(topics),
                "ref": f"own-{number:06d}",
                "origin": "own",
                "current_version_id": number,
                "created_at": START,
            }
            for number in numbers
        ],
    )
    session().execute(
        sa.insert(QuestionVersion),
        [
            {
                "id": number,
                "question_id": number,
                "number": 1,
                "type": chance.choice(["single_choice", "multiple_choice", "true_false", "fill_in"]),
                "difficulty": chance.choice([1, 2, 3]),
                "content": contents[number],
                "source": chance.choice(["", "day-01#退货", "day-05#改价"]),
                "situation": False,
                "digest": str(number),
                "created_at": START,
            }
            for number in numbers
        ],
    )
    set_texts({number: (f"own-{number:06d}", content) for number, content in contents.items()})
    tags = [{"question_id": number, "tag": f"标签{number % 40}"} for number in numbers if number % 3 == 0]
    session().execute(sa.insert(QuestionTag), tags)


def _content(number: int, chance: random.Random) -> dict[str, Any]:
    goods = "".join(chance.sample(_GOODS, 3))
    stem = (
        f"{chance.choice(_WHO)}{chance.choice(_WHEN)}{chance.choice(_WHAT)}，商品是{goods}，"
        f"订单尾号{number:06d}，{chance.choice(_ASKS)}？"
    )
    if number % 20_000 == 1:
        stem = f"签收后的退货天数是多少，{goods}也一样吗？"
    options = [
        {"id": str(at), "text": f"{chance.choice(_WHO)}的事{chance.choice(_ASKS)}，按第{at}条办"}
        for at in range(4)
    ]
    return {"stem": stem, "options": options}


def _searches(size: int) -> dict[str, Callable[[], object]]:
    last = size // 50

    def page(number: int = 1, **wanted: Any) -> Callable[[], object]:
        return lambda: queries.search(Wanted(**wanted), number, None)

    stem = QuestionVersion.content["stem"].as_string()
    like = sa.select(QuestionVersion.question_id, stem).where(stem.like("%破损%"))
    counted = sa.select(sa.func.count()).select_from(QuestionVersion).where(stem.like("%破损%"))
    return {
        "bare LIKE over the stems, 50 rows": lambda: session().execute(like.limit(50)).all(),
        "bare LIKE over the stems, counted": lambda: session().scalar(counted),
        "two signs (破损)": page(text="破损"),
        "four signs (退货天数)": page(text="退货天数"),
        "a number (000777)": page(text="000777"),
        "initials (thts)": page(text="thts"),
        "nothing exact, fuzzy (退货得几天数)": page(text="退货得几天数"),
        "fuzzy, twelve pairs": page(text="企业客户签收当天嫌运费太贵谁承担"),
        "combined filters": page(
            bank="big", topic="t-3", type="single_choice", difficulty=2, tag="标签3", text="退货"
        ),
        "type and difficulty": page(type="fill_in", difficulty=3),
        "source lesson": page(source="day-05"),
        "never asked": page(use="never"),
        "most used": page(sort="used"),
        "first page": page(),
        "middle page": page(last // 2),
        "last page": page(last),
        "last page by ref": page(last, bank="big"),
        "last page of two signs": page(10**6, text="破损"),
        "asked last after a day": page(asked_from=date(2026, 1, 1)),
    }


def _acts(person: PersonId, size: int) -> dict[str, float]:
    ids = list(range(1, min(size, MOST_AT_ONCE) + 1))
    took = {}
    for act in (BulkAct("tag", tags=("整理", "新")), BulkAct("move", "t-1"), BulkAct("retire")):
        begun = time.perf_counter()
        with unit_of_work():
            bulk = service.act_on(act, ids, person, START, "整理").id
        took[f"{act.kind} {len(ids)}, ms"] = (time.perf_counter() - begun) * 1000
        begun = time.perf_counter()
        with unit_of_work():
            service.undo(bulk, person, START)
        took[f"undo that {act.kind}, ms"] = (time.perf_counter() - begun) * 1000
    return took


def _over_http(app: Any, person: int, rounds: int) -> dict[str, float]:
    client = PageClient(app).log_in_as(person)
    addresses = (
        "/questions",
        "/questions?text=破损",
        "/questions?text=退货得几天数",
        "/questions?page=99999",
    )
    found = {}
    for address in addresses:
        found[f"HTTP {address}"] = _median(lambda address=address: client.raw.get(address).text, rounds)
    return found


def _median(act: Callable[[], object], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        took.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(took), 1)


def _peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
