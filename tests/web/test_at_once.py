"""A form sent from two tabs at the same moment: one effect, and a page that says so instead of an error."""

from __future__ import annotations

import pytest

from cstrain.exams import queries as exams
from cstrain.extensions import session
from cstrain.people import queries as people
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_department, make_person
from tests.racing import post_twice
from tests.web.page_client import page_faults

pytestmark = pytest.mark.both_databases


def test_a_new_person_sent_twice_is_entered_once_and_the_form_comes_back(app) -> None:
    with app.app_context():
        place, hr = make_department("售前客服一部"), make_person("孙丽", roles=["hr"])
    form = {
        "name": "欧阳小禾",
        "staff_no": "K777",
        "department": str(place),
        "hire_date": "2026-11-23",
        "status": "probation",
    }
    statuses, page = post_twice(app, hr, "/people/new", **form)
    assert statuses == [302, 422]
    assert "已经有人使用" in page and 'value="欧阳小禾"' in page and not page_faults(page)
    with app.app_context():
        assert people.find_person_by_staff_no("K777", START.date()).name == "欧阳小禾"


def _send_a_candidate_twice(app):
    with app.app_context():
        make.make_bank()
        make.make_paper()
        hr, person = make_person("王敏", roles=["hr"]), make_person("新考生", staff_no="N0001")
        sitting = make.make_sitting([make_person()])
    url = f"/sittings/{sitting}/candidates"
    found = post_twice(app, hr, url, staff_no="N0001", extra_minutes="15", reason="手部受伤")
    with app.app_context():
        assert exams.candidates_of(sitting)[person] == 15
        assert len(exams.accommodations(sitting, person)) == 1
    return found


def test_a_candidate_sent_twice_is_added_once(app, database_kind) -> None:
    statuses, page = _send_a_candidate_twice(app)
    if database_kind == "sqlite":  # the second comes after the first, and sets the same minutes again
        assert statuses == [302, 302]
    else:
        assert statuses == [302, 422] and "刚刚已由别人加入这一场" in page and not page_faults(page)


def test_what_no_service_looks_out_for_is_said_by_the_front_of_the_house(
    app, database_kind, monkeypatch
) -> None:
    monkeypatch.setattr("cstrain.exams.service.arrange.flush_unique", lambda _message: session().flush())
    statuses, page = _send_a_candidate_twice(app)
    if database_kind == "sqlite":
        assert statuses == [302, 302]
    else:
        assert statuses == [302, 409] and "同一时间还有人在办同一件事" in page and not page_faults(page)
