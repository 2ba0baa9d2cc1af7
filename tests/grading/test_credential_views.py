"""Pages of credentials: one's own, the desk of exemptions and entered results, the public check."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cstrain.access import PersonId
from cstrain.exams.models import Attempt
from cstrain.grading.credentials import codes, queries, service
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories import credentials as held
from tests.factories.people import make_person

DAY = timedelta(days=1)
BITS = 0x2B5A3C1D9E8F70123
ENTRY = {
    "paper": "gap-machine", "mark": "85.5", "exam_on": "2026-09-01", "source": "former_department",
    "department": "谷歌客服一部", "evidence": "2026年9月成绩单第3页",
}  # fmt: skip


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def people(app) -> dict[str, PersonId]:
    with app.app_context():
        roles = {"hr": ["hr"], "second": ["hr"], "trainer": ["trainer"], "gm": ["gm"]}
        found = {"person": make_person("林晓雯", "K7001"), "mate": make_person("周子昂", "K7002")}
        found |= {name: make_person(f"{name}王", roles=given) for name, given in roles.items()}
        held.make_papers("soso-upgrade", "gap-machine")
        return found


def passed(app, people, ref="gap-machine", **options) -> int:
    with app.app_context():
        return held.make_pass(people["person"], (people["hr"], people["second"]), ref, **options)


def entered(app, people, mark="85", who="person") -> int:
    with app.app_context():
        return held.make_outside(people[who], (people["hr"], people["second"]), mark)


# --- one's own page


def test_without_credentials_the_page_says_how_they_come_and_offers_an_exemption(client, people) -> None:
    page = plain(client.log_in_as(people["person"]).get("/credentials"))
    assert "还没有有效的成绩凭证" in page and "申请免试《GAP上机考试》" in page
    assert "2026年5月20日" in page and "SOSO升级考试" not in page
    assert "系统里没有你原部门的成绩" in page


def test_a_pass_is_listed_and_its_certificate_fetched_and_downloaded(app, client, people) -> None:
    attempt = passed(app, people)
    client.log_in_as(people["person"])
    assert f"/credentials#a{attempt}" in client.get("/scores")
    assert f"/credentials#a{attempt}" in client.get(f"/results/{attempt}")
    page = client.get("/credentials")
    assert (
        "有1份有效的成绩凭证" in plain(page)
        and "2028年11月20日" in plain(page)
        and f'id="a{attempt}"' in page
    )
    client.post("/credentials/certificates", {"attempt": attempt})
    page = client.get("/credentials")
    code = re.search(r"/verify/((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})", page).group(1)
    pdf = client.download("/certificates/1.pdf")
    assert pdf.startswith(b"%PDF")
    client.post("/credentials/certificates", {"attempt": attempt})
    assert code in client.get("/credentials")


def test_what_is_not_ones_own_is_not_found(app, client, people) -> None:
    attempt = passed(app, people)
    client.log_in_as(people["person"]).post("/credentials/certificates", {"attempt": attempt})
    client.log_in_as(people["mate"])
    for number in (1, 99):
        assert client.raw.get(f"/certificates/{number}.pdf").status_code == 404
    client.post("/credentials/certificates", {"attempt": attempt}, status=404)
    client.post("/credentials/certificates", {"attempt": "no number"}, status=404)
    client.get(f"/credentials/people/{people['person']}", status=403)
    assert client.log_in_as(people["gm"]).download("/certificates/1.pdf").startswith(b"%PDF")


def test_a_revoked_pass_says_so_and_gives_nothing(app, client, people) -> None:
    attempt = passed(app, people)
    client.log_in_as(people["person"]).post("/credentials/certificates", {"attempt": attempt})
    with app.app_context(), unit_of_work() as db:
        db.get_one(Attempt, attempt).voided_at = START
    page = plain(client.get("/credentials"))
    assert "还没有有效的成绩凭证" in page and "已作废" in page and "领取证书" not in page
    client.post("/credentials/certificates", {"attempt": attempt}, status=409)


def test_merit_is_shown_once_a_part_is_met_and_fetched_when_all_are(app, client, people) -> None:
    client.log_in_as(people["person"])
    assert "奖状" not in client.get("/credentials")
    passed(app, people, "soso-upgrade")
    page = plain(client.get("/credentials"))
    assert "奖状：搜索推广专员" in page and "还没有通过" in page and "领取奖状" not in page
    client.post("/credentials/certificates", {"award": "search-promotion"}, status=409)
    passed(app, people)
    assert "领取奖状" in client.get("/credentials")
    client.post("/credentials/certificates", {"award": "search-promotion"})
    assert "下载奖状" in client.get("/credentials")
    assert client.download("/certificates/1.pdf").startswith(b"%PDF")


def test_the_page_asks_the_same_number_of_questions_however_much_there_is(app, client, people) -> None:
    client.log_in_as(people["person"])
    passed(app, people)
    client.get("/credentials")
    counts = []
    for more in range(2):
        with counted(app) as statements:
            client.get("/credentials")
        counts.append(len(statements))
        passed(app, people, at=START + (more + 1) * 20 * DAY)
    assert counts[0] == counts[1]


# --- exemption


def test_an_exemption_from_request_to_decision(app, client, people) -> None:
    entered(app, people)
    client.log_in_as(people["person"])
    assert "有1份有效的成绩凭证" in plain(client.get("/credentials"))
    client.post("/credentials/exemptions", {"paper": "gap-machine", "wish": "九月刚考过"})
    client.post("/credentials/exemptions", {"paper": "gap-machine", "wish": "再来"}, status=422)
    assert "等待决定" in plain(client.get("/credentials"))
    client.get("/exemptions", status=403)
    client.log_in_as(people["trainer"])
    assert "1个免试申请等决定" in plain(client.get("/"))
    client.log_in_as(people["hr"])
    assert "1个免试申请等决定" in plain(client.get("/"))
    assert "有1件事要办" in plain(client.get("/exemptions"))
    page = plain(client.get("/exemptions/1"))
    assert "林晓雯满足免试条件" in page and "九月刚考过" in page and "85分" in page and "谷歌客服一部" in page
    client.post("/exemptions/1", {}, status=422)
    refused = client.post("/exemptions/1", {"granted": "no", "reason": " "}, status=422)
    assert "没有写明理由" in plain(refused.text)
    client.post("/exemptions/1", {"granted": "yes"})
    assert "最近决定的免试申请" in client.get("/exemptions")
    assert "决定时的核对结果" in client.get("/exemptions/1")
    client.post("/exemptions/1", {"granted": "yes"}, status=422)
    page = plain(client.log_in_as(people["person"]).get("/credentials"))
    assert "已免试" in page and "5月20日" in page and "申请免试《" not in page
    client.post("/credentials/exemptions/1/withdraw")
    client.post("/credentials/exemptions/1/withdraw", status=409)
    assert "已撤回" in client.get("/credentials")


def test_soso_cannot_be_asked_for_and_what_was_typed_stays(client, people) -> None:
    client.log_in_as(people["person"])
    page = client.post("/credentials/exemptions", {"paper": "soso-upgrade", "wish": "x"}, status=422).text
    assert "不能免试" in plain(page)
    client.post("/credentials/exemptions", {"paper": "no-such", "wish": "x"}, status=422)
    page = client.post(
        "/credentials/exemptions", {"paper": "gap-machine", "wish": "长" * 501}, status=422
    ).text
    assert "长" * 501 in page and "最多500个字" in plain(page)


def test_without_evidence_the_desk_says_what_to_do_first(app, client, people) -> None:
    client.log_in_as(people["person"]).post("/credentials/exemptions", {"paper": "gap-machine"})
    client.log_in_as(people["hr"])
    page = client.get("/exemptions/1")
    assert "还不能确认" in plain(page) and "没有成绩记录" in page and "staff_no=K7001" in page
    refused = client.post("/exemptions/1", {"granted": "yes", "reason": "熟人"}, status=422)
    assert "没有全部满足" in plain(refused.text) and "熟人" in refused.text
    entered(app, people, "80")
    assert "不满足免试条件" in plain(client.get("/exemptions/1"))
    client.post("/exemptions/1", {"granted": "no", "reason": "正好80分，不算高于80分"})
    page = plain(client.log_in_as(people["person"]).get("/credentials"))
    assert "不同意" in page and "正好80分，不算高于80分" in page and "按现有的成绩不满足条件" in page


def test_nobody_finds_their_own_application_at_the_desk(app, client, people) -> None:
    client.log_in_as(people["trainer"]).post("/credentials/exemptions", {"paper": "gap-machine"})
    assert "没有要办的事" in client.get("/exemptions") and "免试申请等决定" not in plain(client.get("/"))
    client.get("/exemptions/1", status=404)
    client.post("/exemptions/1", {"granted": "yes"}, status=404)
    client.get("/exemptions/99", status=404)
    client.log_in_as(people["person"]).post("/credentials/exemptions/1/withdraw", status=404)


# --- entered results


def test_an_entered_result_from_form_to_taking_back(app, client, people) -> None:
    client.log_in_as(people["hr"])
    assert 'value="K7001"' in client.get("/outside-results/new?staff_no=K7001&paper=gap-machine")
    client.post("/outside-results/new", {"staff_no": "K7001", **ENTRY})
    page = plain(client.get("/outside-results/1"))
    assert "85.5" in page and "是你登记的，要由另一个人确认" in page and "成绩单第3页" in page
    client.post("/outside-results/1/confirm", status=403)
    client.log_in_as(people["second"])
    assert "1条登记的成绩等第二个人确认" in plain(client.get("/"))
    assert "去确认" in client.get("/exemptions")
    client.post("/outside-results/1/confirm")
    client.post("/outside-results/1/confirm", status=409)
    page = plain(client.get(f"/credentials/people/{people['person']}"))
    assert "85.5" in page and "只作免试依据" in page and "谷歌客服一部" in page
    client.post("/outside-results/1/take-back", {"reason": ""}, status=422)
    client.post("/outside-results/1/take-back", {"reason": "抄错了人"})
    assert "看要撤销的成绩" in client.get("/outside-results/2")
    client.log_in_as(people["hr"]).post("/outside-results/2/confirm")
    assert "已撤销" in client.get("/outside-results/1") and "撤销已确认" in client.get("/outside-results/2")
    assert "最近处理的别处成绩" in client.get("/exemptions")
    client.post("/outside-results/1/take-back", {"reason": "再来"}, status=409)
    client.post("/outside-results/1/no-such-act", {"reason": "x"}, status=404)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"staff_no": "K9999"}, "没有找到工号K9999"),
        ({"mark": "eighty"}, "请填数字"),
        ({"mark": "NaN"}, "请填数字"),
        ({"mark": "100.5"}, "请填0到100之间的数字"),
        ({"exam_on": "2026-11-21"}, "不能晚于今天"),
        ({"exam_on": "yesterday"}, "这不是日期"),
        ({"source": "friend"}, "Not a valid choice"),
        ({"evidence": " "}, "请填写这一项"),
    ],
)
def test_a_wrong_entry_is_said_to_be_one_and_keeps_what_was_typed(client, people, wrong, says) -> None:
    client.log_in_as(people["hr"])
    sent = {"staff_no": "K7001", **ENTRY, **wrong}
    page = client.post("/outside-results/new", sent, status=422).text
    assert "谷歌客服一部" in page and (says in plain(page) or says == "Not a valid choice")
    client.get("/outside-results/1", status=404)


def test_an_entry_is_turned_down_and_nobody_handles_their_own(app, client, people) -> None:
    client.log_in_as(people["hr"]).post("/outside-results/new", {"staff_no": "K7001", **ENTRY})
    client.log_in_as(people["second"]).post("/outside-results/1/refuse", {"reason": "成绩单上是58分"})
    assert "成绩单上是58分" in plain(client.get("/outside-results/1"))
    with app.app_context(), unit_of_work():
        own = service.record_outside(people["hr"], START, held.new_result(people["second"]))
    for path in (f"/outside-results/{own}", "/outside-results/99"):
        client.get(path, status=404)
    client.post(f"/outside-results/{own}/confirm", status=404)
    client.post(f"/outside-results/{own}/refuse", {"reason": "x"}, status=404)
    with app.app_context():
        number = queries.outside_of([people["second"]])[0].id
        assert number == own
    client.log_in_as(people["trainer"]).get("/outside-results/new", status=403)
    assert "登记别处的成绩" not in client.get("/exemptions")


def test_nobody_enters_a_result_for_themself(app, client, people) -> None:
    from cstrain.people import queries as known

    with app.app_context():
        own = known.get_person(people["hr"], START.date()).staff_no
    page = client.log_in_as(people["hr"]).post("/outside-results/new", {"staff_no": own, **ENTRY}, status=422)
    assert "不能由你登记" in plain(page.text)


# --- other people's, and the places on other pages


def test_a_persons_credentials_for_who_may_see_scores(app, client, people) -> None:
    attempt = passed(app, people)
    client.log_in_as(people["person"]).post("/credentials/certificates", {"attempt": attempt})
    client.post("/credentials/exemptions", {"paper": "gap-machine"}, status=422)
    client.log_in_as(people["hr"])
    url = f"/credentials/people/{people['person']}"
    page = client.get(url)
    assert "林晓雯有1份有效的成绩凭证" in plain(page) and "看证书" in page
    assert url in client.get(f"/people/{people['person']}")
    client.get("/credentials/people/9999", status=404)
    assert "还没有有效的成绩凭证" in client.get(f"/credentials/people/{people['mate']}")
    assert "免试与别处成绩" in client.get("/grading")
    own = client.log_in_as(people["person"]).get(f"/people/{people['person']}")
    assert "有效期到2028年11月20日" in plain(own).replace(" ", "")


def test_the_paper_page_says_validity_pause_and_exemption(client, people) -> None:
    page = plain(client.log_in_as(people["trainer"]).get("/papers/gap-machine"))
    assert "24个月" in page and "14天" in page and "3次" in page and "6个月内高于80分可以申请" in page
    assert "不能免试" in plain(client.get("/papers/soso-upgrade"))


# --- the public page


@pytest.fixture
def code(app, people) -> str:
    attempt = passed(app, people)
    with app.app_context(), unit_of_work():
        made = service.claim_certificate(people["person"], START, attempt, BITS)
    with app.app_context():
        return queries.certificate(made, START).code


def test_anybody_verifies_a_certificate_and_sees_no_more_than_needed(client, people, code) -> None:
    page = client.get(f"/verify/{codes.spaced(code)}")
    seen = plain(page)
    assert "证书有效" in seen and "林*雯" in seen and "GAP上机考试" in seen and "2028年11月20日" in seen
    for hidden in ("林晓雯", "晓", "K7001", "90.0", "90分", "售前"):
        assert hidden not in seen
    response = client.raw.get(f"/verify/{code.lower()}")
    assert response.status_code == 200 and "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Cache-Control"] == "no-store"


def test_the_standing_of_a_certificate_follows_time_and_corrections(app, client, people, code, clock) -> None:
    clock.move(732 * DAY)
    assert "证书已过有效期" in plain(client.get(f"/verify/{code}"))
    with app.app_context(), unit_of_work() as db:
        db.get_one(Attempt, 1).voided_at = START
    page = plain(client.get(f"/verify/{code}"))
    assert "证书已作废" in page and "不再算数" in page


def test_the_form_leads_to_the_certificate_however_the_code_is_typed(client, code) -> None:
    assert "查验证书" in client.get("/verify")
    assert client.raw.get("/verify").headers["X-Robots-Tag"].startswith("noindex")
    for typed in (codes.spaced(code).lower(), f" {code} "):
        response = client.raw.get("/verify", query_string={"code": typed})
        assert response.status_code == 302 and response.headers["Location"].endswith(f"/verify/{code}")
    away = client.raw.get("/verify", query_string={"code": "http://elsewhere/x"}).headers["Location"]
    assert away.startswith("/verify/") and client.raw.get(away).status_code == 404


def test_an_unknown_code_and_a_mistyped_one_say_so(client, code) -> None:
    page = plain(client.get(f"/verify/{codes.make_code(BITS + 1)}", status=404))
    assert "没有这张证书" in page
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert "编号抄错了" in plain(client.get(f"/verify/{wrong}", status=404))
    client.get("/verify/%3Cscript%3Ealert(1)%3C/script%3E", status=404)
    client.get("/verify/" + "A" * 5000, status=404)


def test_a_certificate_of_merit_is_verified_with_its_title(app, client, people) -> None:
    passed(app, people, "soso-upgrade")
    passed(app, people)
    with app.app_context(), unit_of_work():
        made = service.claim_award(people["person"], START, "search-promotion", BITS)
    with app.app_context():
        code = queries.certificate(made, START).code
    page = plain(client.get(f"/verify/{code}"))
    assert "奖状" in page and "搜索推广专员" in page and "长期" in page


def test_who_looks_up_too_often_has_to_wait(client, code, clock) -> None:
    most = queries.credential_rules().verify_most
    for _ in range(most):
        assert client.raw.get(f"/verify/{code}").status_code == 200
    assert "查得太频繁" in plain(client.get(f"/verify/{code}", status=429))
    clock.move(timedelta(minutes=10))
    client.get(f"/verify/{code}")


# --- the printed certificate


def test_the_pdf_says_what_the_certificate_says(app, client, people, code, tmp_path) -> None:
    from tests.conversion.test_documents import words

    client.log_in_as(people["person"])
    text = words(client.download("/certificates/1.pdf"), tmp_path)
    for part in ("成绩证书", "林晓雯", "K7001", "GAP上机考试", "90.0", "2026年11月20日", "2028年11月20日"):
        assert part in text, part
    assert codes.spaced(code) in text and f"/verify/{codes.spaced(code)}" in text
    with app.app_context(), unit_of_work() as db:
        db.get_one(Attempt, 1).voided_at = START
    stamped = words(client.download("/certificates/1.pdf"), tmp_path)
    assert "作废" in stamped and "作废" not in text


def test_the_same_certificate_makes_the_same_bytes(client, people, code) -> None:
    client.log_in_as(people["person"])
    assert client.download("/certificates/1.pdf") == client.download("/certificates/1.pdf")


# --- the sitting of who is exempt


def test_an_exempt_persons_sitting_says_so_to_them_and_to_who_watches(app, client, people) -> None:
    from tests.factories import exams as make

    entered(app, people)
    with app.app_context():
        sitting = make.make_sitting([people["person"], people["mate"]], "gap-machine")
    client.log_in_as(people["person"]).post("/credentials/exemptions", {"paper": "gap-machine"})
    client.log_in_as(people["hr"])
    assert plain(client.get(f"/sittings/{sitting}/watch")).count("未开始") == 2
    client.post("/exemptions/1", {"granted": "yes"})
    page = plain(client.get(f"/sittings/{sitting}/watch"))
    assert page.count("未开始") == 1 and "免试" in page
    client.log_in_as(people["person"])
    assert "你已免试这份试卷" in plain(client.get(f"/sittings/{sitting}"))
    client.post(f"/sittings/{sitting}/start", status=409, audited=False)
    assert "可以开始" in plain(client.log_in_as(people["mate"]).get(f"/sittings/{sitting}"))
