"""Documents, their acknowledgement by each employee, and the tracking of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cstrain.extensions import db
from cstrain.kernel.errors import ConflictError, NotFoundError
from cstrain.notifications.queries import notices
from cstrain.policies.yaml_source import SourceError
from cstrain.rulebook import listeners, queries, service
from cstrain.rulebook.library import load_documents
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_department, make_person

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
REF = "recruitment-conditions"

GOOD = """ref: attendance
edition: 1
title: 考勤办法
kind: policy
effective_from: "2026-01-01"
consulted_on: "2025-11-01"
published_on: "2025-12-01"
source: 公司制度
summary: 怎么打卡。
sections:
  - title: 打卡
    text: 上班前30分钟内可以打卡。
"""


def test_the_shipped_documents_are_whole_and_their_conditions_have_ids():
    documents = {one.ref: one for one in load_documents()}
    assert set(documents) == {"employee-rules", "exam-rules", "recruitment-conditions", "training-notice"}
    conditions = [one.id for one in documents[REF].conditions]
    assert {"conversion-papers", "basic-skills", "attendance", "conduct"} <= set(conditions)
    assert all(len(one.digest) == 64 for one in documents.values())


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("kind: policy", "kind: law"), 4, "只能是"),
        (("title: 考勤办法\n", ""), 1, "缺少“title”"),
        (("edition: 1", "edition: 1\nauthor: me"), 3, "不认识“author”"),
        (('effective_from: "2026-01-01"', 'effective_from: "2025-01-01"'), 1, "先征求意见"),
        (("kind: policy", "kind: recruitment_condition"), 1, "录用条件"),
    ],
)
def test_a_fault_in_a_document_names_file_and_line(tmp_path, change, line, says):
    (tmp_path / "attendance.yaml").write_text(GOOD.replace(*change), "utf-8")
    with pytest.raises(SourceError) as caught:
        load_documents(tmp_path)
    fault = caught.value.faults[0]
    assert (fault.file, fault.line) == ("attendance.yaml", line)
    assert says in fault.message


def test_an_edition_given_twice_is_a_fault(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD, "utf-8")
    with pytest.raises(SourceError, match="已经有了"):
        load_documents(tmp_path)


@pytest.mark.usefixtures("context")
class TestAcknowledging:
    def test_it_keeps_day_edition_and_digest(self):
        person = make_person(status="probation")
        current = queries.document(REF, TODAY)
        with unit_of_work():
            service.acknowledge(person, NOW, REF, current.edition, current.digest)
        kept = queries.acknowledgement(person, REF)
        assert (kept.edition, kept.digest, kept.acknowledged_at) == (1, current.digest, NOW)
        assert REF not in [one.ref for one in queries.outstanding(person, TODAY)]
        with pytest.raises(ConflictError, match="已经确认"), unit_of_work():
            service.acknowledge(person, NOW, REF, current.edition, current.digest)

    def test_another_text_than_the_one_in_force_is_refused(self):
        person = make_person(status="probation")
        for edition, digest in ((2, queries.document(REF, TODAY).digest), (1, "0" * 64)):
            with pytest.raises(ConflictError, match="新版"), unit_of_work():
                service.acknowledge(person, NOW, REF, edition, digest)

    def test_documents_concern_whom_they_are_for(self):
        trainee, agent = make_person(status="probation"), make_person()
        assert {one.ref for one in queries.outstanding(trainee, TODAY)} >= {REF, "training-notice"}
        assert {one.ref for one in queries.outstanding(agent, TODAY)} == {"employee-rules", "exam-rules"}

    def test_before_its_day_a_document_is_not_there(self):
        assert queries.documents(date(2025, 12, 31)) == []
        with pytest.raises(NotFoundError):
            queries.document(REF, date(2025, 12, 31))
        assert queries.edition(REF, 1).title

    def test_conditions_are_offered_with_their_document(self):
        found = queries.recruitment_conditions(TODAY)
        assert ("conversion-papers", REF) in [(condition.id, document.ref) for document, condition in found]

    def test_reminders_come_after_two_days_and_reach_the_superior_after_seven(self):
        place = make_department("售前")
        boss = make_person("主管", roles=["supervisor"], department=place)
        person = make_person("新人", status="probation", hire_date=TODAY, department=place)
        mine = lambda days: [  # noqa: E731
            one for one in listeners.due(NOW + timedelta(days=days)) if f":{person}" in one.key
        ]
        assert mine(1) == []
        assert {one.person for one in mine(2)} == {person}
        assert {one.person for one in mine(7)} == {person, boss}


@pytest.fixture
def people(app):
    with app.app_context():
        found = {
            "hr": make_person("孙丽", roles=["hr"]),
            "trainee": make_person("林晓雯", status="probation", hire_date=date(2026, 11, 2)),
        }
        db.session.remove()
    return found


@pytest.mark.both_databases
def test_a_trainee_reads_and_acknowledges(client, app, people):
    client.log_in_as(people["trainee"])
    assert "等你确认" in client.get("/rulebook")
    page = client.get(f"/rulebook/{REF}")
    assert "我已读完并理解" in page
    with app.app_context():
        current = queries.document(REF, TODAY)
    form = {"edition": current.edition, "digest": current.digest}
    assert "请先勾选" in client.post(f"/rulebook/{REF}/acknowledge", form, 422).text
    client.post(f"/rulebook/{REF}/acknowledge", {**form, "understood": "1"})
    assert "确认了这一版" in client.get(f"/rulebook/{REF}")
    client.post(f"/rulebook/{REF}/acknowledge", {**form, "understood": "1"}, 409)
    client.get("/rulebook/nothing", 404)
    client.get("/rulebook/tracking", 403)


@pytest.mark.both_databases
def test_hr_sees_who_has_not_and_reminds_them_once_a_day(client, app, people):
    client.log_in_as(people["hr"])
    page = client.get("/rulebook/tracking")
    assert "林晓雯" in page
    client.post(f"/rulebook/{REF}/remind")
    client.post(f"/rulebook/{REF}/remind")
    with app.app_context():
        assert notices(people["trainee"]).total == 1
    client.post("/rulebook/nothing/remind", status=404)


def test_when_everybody_has_the_pages_say_so(client, app, people):
    with app.app_context():
        for person in people.values():
            for one in queries.documents(TODAY):
                with unit_of_work():
                    service.acknowledge(person, NOW, one.ref, one.edition, one.digest)
    client.log_in_as(people["hr"])
    assert "制度都已确认" in client.get("/rulebook")
    assert "每个人都确认了" in client.get("/rulebook/tracking")
