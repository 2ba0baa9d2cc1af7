"""The trainers' pages: banks, questions and their keys, papers, weak questions."""

from __future__ import annotations

import re

import pytest

from tests.counting import counted
from tests.factories.people import make_person
from tests.factories.questions import load_bank, load_shipped_banks
from tests.questions.makers import choices, fields, write_bank


def text(page: str) -> str:
    """The words of a page without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def trainer(app, client):
    """A trainer, with all that is shipped."""
    with app.app_context():
        load_shipped_banks()
        person = make_person("周明", roles=["trainer"])
    return client.log_in_as(person)


@pytest.fixture
def auditor(app, client):
    """An auditor, with all that is shipped."""
    with app.app_context():
        load_shipped_banks()
        person = make_person("孙立", roles=["auditor"])
    return client.log_in_as(person)


def entries(app, action: str) -> list[str]:
    from cstrain.audit.models import AuditEntry
    from cstrain.extensions import db

    with app.app_context():
        return [row.subject for row in db.session.query(AuditEntry).filter_by(action=action)]


def test_agents_see_no_bank(app, client) -> None:
    with app.app_context():
        person = make_person()
    client.log_in_as(person)
    for url in ("/banks", "/banks/product", "/papers", "/papers/conversion-oa/form", "/weak-questions"):
        client.get(url, status=403)
    client.post("/banks/product/product-storage-001/key", status=403)


def test_the_banks_page_counts_and_names_the_scarcest_paper(trainer) -> None:
    page = text(trainer.get("/banks"))
    assert "产品知识" in page and "用这个题库的试卷" in page
    assert re.search(r"最少还够\d+份", page)
    assert re.search(r"检查：\d+处要改|检查通过", page)


def test_the_banks_page_says_when_there_is_none(app, client) -> None:
    with app.app_context():
        person = make_person(roles=["trainer"])
    assert "还没有题库" in client.log_in_as(person).get("/banks")


def test_a_lost_source_is_named(app, client, tmp_path) -> None:
    with app.app_context():
        load_bank(tmp_path / "b", [fields("number", source="day-99#没有")])
        person = make_person(roles=["trainer"])
    assert "day-99#没有" in client.log_in_as(person).get("/banks")


def test_a_bank_is_listed_fifty_at_a_time_and_filters_stay_in_the_pager(trainer) -> None:
    page = trainer.get("/banks/daily")
    assert page.count('<th scope="row"') == 50
    narrowed = trainer.get("/banks/daily?difficulty=2&text=顾客&page=2")
    assert re.search(r'rel="prev" href="/banks/daily\?[^"]*text=', narrowed)
    assert "difficulty=2" in narrowed


def test_a_search_finds_a_chinese_part_and_nothing_says_so(trainer) -> None:
    found = trainer.get("/banks/rules?text=发票")
    assert found.count('<th scope="row"') >= 1
    assert "没有符合条件的题目" in trainer.get("/banks/rules?text=火星")
    assert trainer.get("/banks/rules?topic=nonsense&page=x").count('<th scope="row"') == 50


def test_unknown_banks_questions_and_papers_are_not_found(trainer) -> None:
    for url in ("/banks/nowhere", "/banks/product/nowhere", "/papers/nowhere", "/papers/nowhere/form"):
        trainer.get(url, status=404)
    trainer.post("/banks/product/nowhere/key", status=404)


@pytest.mark.parametrize("kind", ["single_choice", "multiple_choice", "true_false", "fill_in", "number"])
def test_every_type_is_previewed_with_its_control(app, client, tmp_path, kind) -> None:
    with app.app_context():
        load_bank(tmp_path / "b")
        person = make_person(roles=["trainer"])
    page = client.log_in_as(person).get(f"/banks/b/t-{kind}-001")
    control = {
        "single_choice": 'type="radio"',
        "multiple_choice": 'type="checkbox"',
        "true_false": 'type="radio"',
    }
    assert control.get(kind, 'class="input"') in page


def test_a_key_of_an_open_bank_stands_on_the_page(app, auditor) -> None:
    page = auditor.get("/banks/daily/daily-d1-001")
    assert "解析" in page and "查看答案" not in page
    assert 'href="/lessons/day-01#' in page


def test_a_key_of_a_conversion_bank_is_shown_to_trainers_on_request_and_recorded(app, trainer) -> None:
    url = "/banks/product/product-storage-001"
    page = trainer.get(url)
    assert "解析" not in text(page).replace("答案与解析", "") and "查看答案" in page
    assert entries(app, "question.key_seen") == []
    shown = trainer.post(f"{url}/key", status=200)
    assert "解析：" in shown.text and "记入审计日志" in shown.text
    assert entries(app, "question.key_seen") == ["question:product-storage-001"]


def test_an_auditor_sees_that_a_conversion_key_is_closed(auditor) -> None:
    page = auditor.get("/banks/product/product-storage-001")
    assert "答案只有培训师能看" in page and "/key" not in page
    auditor.post("/banks/product/product-storage-001/key", status=403)


def test_a_bank_without_papers_counts_as_closed(app, client, tmp_path) -> None:
    with app.app_context():
        load_bank(tmp_path / "b")
        person = make_person(roles=["auditor"])
    assert "答案只有培训师能看" in client.log_in_as(person).get("/banks/b/t-number-001")


def test_somebody_on_the_programme_sees_no_conversion_key(app, client) -> None:
    with app.app_context():
        load_shipped_banks()
        person = make_person(roles=["trainer"], status="probation")
    client.log_in_as(person).post("/banks/product/product-storage-001/key", status=403)
    assert entries(app, "question.key_seen") == []


def test_no_page_of_a_conversion_bank_holds_a_key_before_it_is_asked_for(app, trainer) -> None:
    """A canary: the texts of keys of open questions (blanks, numbers) are on none of the pages."""
    from cstrain.questions import queries

    with app.app_context():
        drawn = [each for each in queries.active_lines("oa") if each.type == "fill_in"]
        keys = {each.ref: queries.key_of(each.version_id).explanation for each in drawn[:10]}
    for ref, explanation in keys.items():
        assert explanation not in trainer.get(f"/banks/oa/{ref}")
    assert not any(explanation in trainer.get("/papers/conversion-oa/form") for explanation in keys.values())


def test_a_retired_question_and_older_versions_stay_readable(app, client, tmp_path, clock) -> None:
    from cstrain.questions.service import load_banks
    from cstrain.unit_of_work import unit_of_work

    with app.app_context():
        folder = load_bank(tmp_path / "b")
        write_bank(
            folder, [fields("single_choice", stem="改过的题干怎么写？", options=["一", "二", "三", "四"])]
        )
        with unit_of_work():
            load_banks(clock.now(), folder)
        person = make_person(roles=["trainer"])
    client.log_in_as(person)
    page = client.get("/banks/b/t-single_choice-001")
    assert "改过的题干怎么写？" in page and "看这一版的题面" in page and "甲方案" in page
    assert "停用" in client.get("/banks/b/t-number-001")
    assert "t-number-001" in client.get("/banks/b?state=retired")


def test_papers_say_how_many_forms_are_left(trainer) -> None:
    page = text(trainer.get("/papers"))
    assert "转正考试：OA操作" in page and "还够" in page and "可重复" in page
    sheet = text(trainer.get("/papers/conversion-oa"))
    assert "抽题格" in sheet and "每格按主题" in sheet and "全对才给分" in sheet


def test_a_paper_that_cannot_be_drawn_says_what_is_missing(app, client, tmp_path) -> None:
    from cstrain.exams.service.papers import load_papers
    from cstrain.unit_of_work import unit_of_work
    from tests.conftest import START

    with app.app_context():
        load_bank(tmp_path / "oa", choices(2))
        with unit_of_work():
            load_papers(START)
        person = make_person(roles=["trainer"])
    client.log_in_as(person)
    assert "一份也抽不出" in client.get("/papers")
    assert "题库不够，一份也抽不出" in client.get("/papers/conversion-oa")
    assert "抽不出一份" in client.get("/papers/conversion-oa/form", status=422)


def test_the_same_number_draws_the_same_form_and_another_another(trainer) -> None:
    def stems(seed: object) -> list[str]:
        return re.findall(
            r'<div class="stem"[^>]*>(.*?)</div>',
            trainer.get(f"/papers/conversion-oa/form?seed={seed}"),
            re.S,
        )

    first = stems(7)
    assert len(first) == len(set(first)) == 37
    assert stems(7) == first != stems(8)
    assert stems("abc") == stems(1)


def test_weak_questions_wait_for_enough_answers(trainer) -> None:
    page = text(trainer.get("/weak-questions"))
    assert "没有要再看的题" in page and "0题能看" in page
    trainer.get("/weak-questions?bank=daily")


def test_an_auditor_sees_no_statistics(auditor) -> None:
    auditor.get("/weak-questions", status=403)
    assert "得分率" not in auditor.get("/banks/daily")
    assert "看弱题" not in auditor.get("/banks")


def test_a_weak_question_is_listed_with_its_reason(app, client, tmp_path, monkeypatch) -> None:
    from cstrain.questions import slots
    from cstrain.questions.slots import QuestionStatistic

    class Given:
        least = 10

        def of_versions(self, version_ids):
            found = [
                QuestionStatistic(12, 0.2, 0.4, (0.06, 0.5), (-0.2, 0.8), ("hard",)),
                QuestionStatistic(12, 0.6, -0.1, flags=("key", "distractor")),
                QuestionStatistic(3, None, None),
                QuestionStatistic(12, 0.7, 0.5),
                QuestionStatistic(40, 0.95, 0.3, flags=("easy", "unchosen")),
            ]
            return dict(zip(sorted(version_ids), found, strict=False))

        def page_of(self, version_id):
            return f"/analysis/questions/{version_id}"

    slot = slots.Slot("statistics")
    slot.fill(Given())
    monkeypatch.setattr("cstrain.questions.views.statistics", slot)
    monkeypatch.setattr("cstrain.questions.library.views.base.statistics", slot)
    with app.app_context():
        load_bank(tmp_path / "b")
        person = make_person(roles=["trainer"])
    client.log_in_as(person)
    page = text(client.get("/weak-questions"))
    assert "3道题要再看一遍" in page
    assert page.index("查答案") < page.index("高分者选错项") < page.index("太难") < page.index("太容易")
    assert "6%–50%" in page and "-0.20–0.80" in page and "有选项没人选" in page
    listed = text(client.get("/banks/b"))
    assert "不足10人（3）" in listed and "20%" in listed


@pytest.mark.parametrize("url", ["/banks", "/banks/daily", "/papers", "/weak-questions"])
def test_lists_do_not_ask_once_a_row(app, trainer, url) -> None:
    trainer.get(url)
    with counted(app) as statements:
        trainer.get(url)
    about = [
        each for each in statements if re.search(r"FROM (bank|topic|question|paper|lesson|attempt)", each)
    ]
    assert len(about) <= 15, about


def test_the_pages_speak_english_to_those_who_chose_it(app, client) -> None:
    """What remains Chinese is content: titles, stems, options, explanations."""
    from cstrain.people.service import set_locale
    from cstrain.unit_of_work import unit_of_work

    with app.app_context():
        load_shipped_banks()
        person = make_person(roles=["trainer"])
        with unit_of_work():
            set_locale(person, "en")
    client.log_in_as(person)
    for url, words in {
        "/banks": "Questions in use",
        "/banks/oa": "Filter questions",
        "/banks/oa/oa-leave-001": "As the candidate sees it",
        "/papers": "papers can be drawn",
        "/papers/conversion-oa": "All or nothing",
        "/papers/conversion-oa/form": "mean difficulty",
        "/weak-questions": "facility below 35%",
    }.items():
        assert words in text(client.get(url)), url
