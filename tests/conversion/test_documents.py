"""The printed papers: plain data in, PDF out; nothing entered can become markup."""

import hashlib
import shutil
import subprocess
from datetime import date

import pytest

from cstrain.onboarding.conversion import documents, queries, service
from cstrain.onboarding.conversion.facts import EliminationFacts
from cstrain.people import queries as people
from cstrain.unit_of_work import unit_of_work
from tests.factories import conversion as road
from tests.needs import skip_without

pytestmark = pytest.mark.usefixtures("context")
EXAM, at = road.EXAM, road.at
NASTY = '#panic("x") $x^2$ *粗* `码` [括号] <标签> \\ "引号" #import "a" 100% @ref ~~ —— 😀'


def words(content, tmp_path):
    if shutil.which("pdftotext") is None:
        skip_without("pdftotext", "poppler-utils is not installed")
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


@pytest.fixture
def office():
    made = road.make_office()
    road.arrange(made)
    return made


def test_the_form_fills_itself_from_the_records(office, tmp_path):
    road.take_exam(office, failed=("oa",))
    again = road.sit(office, "conversion-oa", right=True, kind="resit")
    road.release(office, [again], at(date(2026, 11, 21), 17))
    now = at(date(2026, 11, 24))
    road.state_no_violation(office, now)
    with unit_of_work():
        service.write_summary(
            office.trainee, now, office.case, f"二十个字以上的试用期小结，含特殊字符：{NASTY}"
        )
    draft = documents.form_data(queries.case_view(office.case, now))
    assert draft["draft"]
    assert draft["decision"]["agree"] is False
    road.decide(office, now, "convert_after_one_month")
    decided = queries.documents_of(f"conversion:{office.case}")[0]
    facts, content = queries.archived(decided.id)
    assert hashlib.sha256(content).hexdigest() == facts.sha256
    text = words(content, tmp_path)
    snapshot = queries.decisions_of(office.case)[0].snapshot_hash
    for part in (
        "转正审批表",
        "陈嘉豪",
        "赵倩",
        "2026年11月26日",
        "初级",
        "周敏",
        "王珂",
        "无记录",
        snapshot,
        "panic",
    ):
        assert part in text
    view = queries.case_view(office.case, now)
    oa = next(row for row in documents.form_data(view)["papers"] if row["name"] == "OA")
    assert (oa["first"], oa["resit"], oa["result"]) == ("0.0", "100.0", "及格")


def test_empty_cells_print_that_there_is_no_record(office):
    data = documents.form_data(queries.case_view(office.case, at(EXAM)))
    assert data["summary"] == "无记录"
    assert dict(data["records"]) == {"违纪": "无记录", "质检": "无记录", "扣分": "无记录", "出勤": "无记录"}
    assert {row["first"] for row in data["papers"]} == {"无记录"}
    assert documents.pdf(documents.FORM, data).startswith(b"%PDF")


def test_the_same_records_make_the_same_words_and_a_long_summary_a_longer_form(office):
    data = documents.form_data(queries.case_view(office.case, at(EXAM)))
    long = data | {"summary": "很长的小结。" * 300}
    assert len(documents.pdf(documents.FORM, long)) > len(documents.pdf(documents.FORM, data))


def test_the_letter_states_reasons_evidence_and_the_answer(office, tmp_path):
    now = at(EXAM)
    one = EliminationFacts(
        id=1,
        enrolment_id=office.enrolment,
        case_id=None,
        person_id=office.trainee,
        condition=f"达到80分{NASTY}",
        acknowledged_on=road.HIRED,
        evidence="考核表",
        union_notice="无工会",
        reasons="两次未达到。\n第二段。",
        last_day=EXAM,
        letter_no="BYZZ-2026-001",
        proposed_by=office.hr,
        proposed_at=now,
        decided_by=office.hr_manager,
        decided_at=now,
        refused_by=None,
        refused_at=None,
        refused_why=None,
        answer="我有不同意见。",
        answered_at=now,
        snapshot="{}",
        snapshot_hash="ab" * 32,
    )
    person = people.get_person(office.trainee, EXAM)
    data = documents.letter_data(one, person, people.contract_of(office.trainee, EXAM))
    text = words(documents.pdf(documents.LETTER, data), tmp_path)
    for part in ("不予转正通知书", "BYZZ-2026-001", "考核表", "无工会", "第二段", "我有不同意见", "ab" * 32):
        assert part in text


def test_the_consent_says_that_courts_differ(office, tmp_path):
    view = queries.case_view(office.case, at(EXAM))
    text = words(documents.pdf(documents.CONSENT, documents.consent_data(view, date(2027, 1, 25))), tmp_path)
    for part in ("延长试用期同意书", "2027年1月25日", "各地法院", "陈嘉豪"):
        assert part in text
