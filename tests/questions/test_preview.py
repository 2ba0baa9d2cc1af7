"""Previews: of every type on the question's pages, and of questions that are not in a bank yet."""

from __future__ import annotations

import io
import re
from copy import deepcopy

import pytest
import yaml

from tests.factories.people import make_person
from tests.factories.questions import load_bank
from tests.questions.makers import MORE, OWN, fields

SHOWN_IN_FULL = [*MORE, "operation"]
TYPES = [*OWN, *SHOWN_IN_FULL]
CONTROLS = {
    "single_choice": 'type="radio"',
    "multiple_choice": 'type="checkbox"',
    "true_false": 'type="radio"',
    "fill_in": "空1",
    "number": 'class="unit"',
    "matching": "data-left=",
    "ordering": "data-order",
    "short_answer": "data-written",
    "essay": "data-written",
    "case": 'data-part="2"',
    "operation": "data-operation",
}
KEYS = {
    "matching": ["加急", "已回访"],
    "ordering": ["核对订单"],
    "short_answer": ["参考答案", "先道歉，再说明今天发货。", "事实写对", "日期和金额都写了"],
    "essay": ["先分析原因"],
    "case": ["查单", "24", "先道歉，再换新。", "语气合适", "占5份"],
    "operation": ["应办成的样子", "改后货款：85元（3分）", "不能按“关闭订单”（扣10分）"],
}


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def as_yaml(*questions: dict) -> str:
    return yaml.safe_dump([deepcopy(each) for each in questions], allow_unicode=True, sort_keys=False)


@pytest.fixture
def trainer(app, client, tmp_path):
    """A trainer, and a bank with a question of every type."""
    with app.app_context():
        load_bank(tmp_path / "b", [fields(kind) for kind in TYPES])
        person = make_person("周明", roles=["trainer"])
    return client.log_in_as(person)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_is_shown_in_its_control_without_its_key(trainer, kind) -> None:
    for address in (f"/banks/b/t-{kind}-001", f"/banks/b/t-{kind}-001/preview"):
        page = trainer.get(address)
        assert CONTROLS[kind] in page
        assert "data-preview" in page and "js/player/preview.js" in page
        assert "规则里写明了" not in page and "先道歉" not in page and "先分析" not in page


@pytest.mark.parametrize("kind", SHOWN_IN_FULL)
def test_keys_of_every_type_are_shown_in_full(trainer, kind) -> None:
    trainer.get(f"/banks/b/t-{kind}-001")
    page = text(trainer.post(f"/banks/b/t-{kind}-001/key", status=200).text)
    for words in [*KEYS[kind], "规则里写明了"]:
        assert words in page


def test_the_order_of_steps_on_the_question_page_is_not_the_right_one(trainer) -> None:
    page = trainer.get("/banks/b/t-ordering-001/preview")
    shown = re.findall(r"data-text>(.*?)</span>", page)
    steps = MORE["ordering"]["steps"]
    assert sorted(shown) == sorted(steps) and shown != steps


def test_a_preview_has_no_place_to_send_anything_to(trainer) -> None:
    page = trainer.get("/banks/b/t-case-001/preview")
    assert 'method="post"' not in page and 'type="submit"' not in page
    trainer.get("/banks/b/nowhere/preview", status=404)


def test_an_older_version_of_a_case_stays_readable(app, trainer, tmp_path, clock) -> None:
    with app.app_context():
        load_bank(tmp_path / "b", [fields("case", stem="改过的题干怎么写？")])
    page = trainer.get("/banks/b/t-case-001")
    assert "看这一版的题面" in page and page.count("箱盖裂了一道缝") == 2


def test_agents_preview_nothing(app, client) -> None:
    with app.app_context():
        person = make_person()
    client.log_in_as(person)
    client.get("/banks/b/t-number-001/preview", status=403)
    client.get("/question-trial", status=403)
    client.post("/question-trial", {"text": "x"}, status=403)


# questions that are not in a bank yet


def tried(client, written: str, **more) -> str:
    return client.post("/question-trial", {"text": written, **more}, status=200, audited=False).text


def questions_in(app) -> int:
    from cstrain.extensions import db
    from cstrain.questions.models import Question

    with app.app_context():
        return db.session.query(Question).count()


def test_pasted_questions_are_checked_and_shown_and_nothing_is_written(app, trainer) -> None:
    before = questions_in(app)
    page = tried(trainer, as_yaml(*(fields(kind, id=f"new-{kind}") for kind in TYPES)))
    words = text(page)
    assert f"{len(TYPES)}题都能用" in words and words.count("自测通过") == len(TYPES)
    assert all(mark in page for mark in CONTROLS.values())
    assert "先道歉，再换新" not in page.partition("写好的题目")[0]
    assert questions_in(app) == before


def test_one_question_and_a_whole_topic_can_be_pasted_too(trainer) -> None:
    one = yaml.safe_dump(fields("number"), allow_unicode=True, sort_keys=False)
    assert "1题都能用" in text(tried(trainer, one))
    topic = yaml.safe_dump({"topic": "one", "questions": [fields("number")]}, allow_unicode=True)
    assert "1题都能用" in text(tried(trainer, topic))


def test_a_file_is_read_instead_of_the_text_and_stays_to_be_mended(trainer) -> None:
    upload = (io.BytesIO(("\ufeff" + as_yaml(fields("true_false"))).encode()), "day-3.yaml")
    page = tried(trainer, "ignored", file=upload)
    assert "1题都能用" in text(page)
    assert "t-true_false-001" in page.partition("<textarea")[2] and "\ufeff" not in page


def test_faults_name_the_line_and_quote_it(trainer) -> None:
    written = as_yaml(fields("single_choice", answer=["Z"]), fields("number"))
    line = next(at for at, each in enumerate(written.splitlines(), start=1) if each.startswith("  answer"))
    page = tried(trainer, written)
    words = text(page)
    assert "有1处要改" in words
    assert f"第{line}行" in words and "“Z”不是选项" in words
    assert "自测通过" in words, "the other question is shown"


def test_a_part_of_a_case_is_named_with_its_line(trainer) -> None:
    case = fields("case")
    case["parts"] = [*case["parts"][:2], {**case["parts"][2], "most": 5000}]
    words = text(tried(trainer, as_yaml(case)))
    assert "第3小题：“most”不能大于800" in words and "most: 5000" in words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("a: [b", "没有成对"),
        ("- &x 1", "锚点"),
        ("5", "应为若干行"),
        ("topic: one\nquestions: []", "至少要有1项"),
        ("- 5", "缺少“type”"),
        (f"- {'[' * 20}", "嵌套超过8层"),
        ("x" * 1_000_001, "超过1000KB"),
        ("- id: a\n  type: poem\n", "不认识题型“poem”"),
    ],
)
def test_what_cannot_be_read_is_said(trainer, written: str, words: str) -> None:
    page = text(tried(trainer, written))
    assert words in page and "处要改" in page


def test_no_text_and_no_file_is_refused_and_bytes_that_are_no_text_are_named(trainer) -> None:
    page = trainer.post("/question-trial", {"text": "  "}, status=422).text
    assert "没有内容" in page
    upload = (io.BytesIO(b"- id: a\n  stem: \xff\xfe\n"), "x.yaml")
    assert "不是UTF-8" in tried(trainer, "", file=upload)


def test_failed_self_tests_options_for_all_and_repeated_ids_are_told(trainer, monkeypatch) -> None:
    twice = fields("single_choice", options=["一", "二", "三", "以上都对"])
    words = text(tried(trainer, as_yaml(twice, {**twice, "stem": "另一个题干，是吗？"})))
    assert words.count("以上都对”一类") == 2 and "编号已在" in words
    case = fields("case")
    case["parts"][0]["options"][0] = "以上都对"
    assert "第1小题选项“以上都对”" in text(tried(trainer, as_yaml(case)))


def test_many_questions_are_all_checked_and_the_first_shown(trainer) -> None:
    many = [fields("true_false", id=f"t-{number}") for number in range(60)]
    page = tried(trainer, as_yaml(*many))
    assert "一共60题，都检查过，下面显示前50题" in text(page)
    assert page.count("data-preview") == 50


def test_the_pages_speak_english_to_those_who_chose_it(app, trainer) -> None:
    from cstrain.people.service import set_locale
    from cstrain.unit_of_work import unit_of_work

    with app.app_context():
        person = make_person("韩雪", roles=["trainer"])
        with unit_of_work():
            set_locale(person, "en")
    trainer.log_in_as(person)
    assert "nothing you enter is kept" in trainer.get("/banks/b/t-case-001/preview")
    assert "before questions are brought in" in trainer.get("/question-trial")
