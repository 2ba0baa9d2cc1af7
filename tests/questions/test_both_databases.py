"""Loading and every read of the bank pages on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cstrain.kernel.ids import PersonId
from cstrain.lessons import queries as lessons
from cstrain.lessons.service import confirm_read
from cstrain.questions import queries
from cstrain.questions.library.facts import Wanted
from cstrain.questions.library.queries import search
from cstrain.questions.service import load_banks
from cstrain.questions.slots import paper_desk, statistics
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.people import make_person
from tests.factories.questions import load_shipped_banks


@pytest.mark.both_databases
def test_banks_and_lessons_are_loaded_and_read_alike(app) -> None:
    with app.app_context():
        load_shipped_banks()
        with unit_of_work():
            assert not any(load_banks(START + timedelta(days=1)))
        person = PersonId(make_person())
        with unit_of_work():
            confirm_read(person, "day-05", START)
        assert lessons.read_state(person, ["day-05", "day-06"]) == {"day-05": (START, START)}
        assert lessons.source_links(["day-05#改价权限与流程"])
        assert sum(each.questions for each in queries.question_counts() if each.bank == "rules") == 160
        found = search(Wanted(bank="rules", text="发票", difficulty=2), 1, None)
        assert found.total == len(found.lines) > 0
        assert search(Wanted(bank="rules", text="100%_"), 1, None).exact == 0
        sheet = queries.question_sheet("rules", found.lines[0].ref)
        assert queries.key_of(sheet.current.id).words
        assert queries.refs_by_source("day-05") and queries.source_names()
        assert paper_desk.filling is not None and statistics.filling is not None
        drawn = paper_desk.filling.form("conversion-rules", 3, START)
        ids = [slot.question.version_id for slot in drawn]
        assert paper_desk.filling.usage([slot.question.question_id for slot in drawn]) == {}
        assert statistics.filling.of_versions(ids) == {}
