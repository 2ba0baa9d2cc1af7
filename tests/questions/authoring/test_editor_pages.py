"""The editor: every type is typed, shown and kept without loss; rows and the preview work without scripts."""

from __future__ import annotations

import io
import json

import pytest

from cstrain.questions.question_type import question_types
from tests.factories.media import picture
from tests.factories.people import make_person
from tests.questions.authoring.makers import (
    BANK,
    KINDS,
    TOPIC,
    draft_row,
    make_bank,
    make_draft,
    trainer,
    writing,
)
from tests.questions.authoring.pages import buttons_of, form_of

WITHOUT_MORE = ("short_answer", "essay")
"""Types that are whole with a stem: they are marked as a whole then."""


@pytest.fixture
def writer(app):
    """A trainer with a bank of their own."""
    with app.app_context():
        make_bank()
        return trainer()


@pytest.fixture
def page(client, writer):
    """The client of the writer."""
    return client.log_in_as(writer)


def built(fields: dict) -> dict:
    kind = question_types().get(fields["type"])
    return kind.model_validate_json(json.dumps({**fields, "id": "x"}), strict=True).model_dump(mode="json")


def drafts(app) -> list[dict]:
    from cstrain.extensions import session
    from cstrain.questions.authoring.models import QuestionDraft

    with app.app_context():
        return [each.fields for each in session().query(QuestionDraft).order_by(QuestionDraft.id)]


def test_every_type_is_offered_with_what_it_is_for(page) -> None:
    shown = page.get(f"/question-editor/{BANK}")
    for kind in question_types().names():
        assert f"/question-editor/{BANK}/{kind}" in shown
    page.get(f"/question-editor/{BANK}/poem", status=404)
    page.get("/question-editor/nowhere", status=404)


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_of_every_type_is_kept_as_it_is_when_nothing_is_changed(app, page, writer, kind) -> None:
    with app.app_context():
        draft = make_draft(writer, writing(kind))
        before = dict(draft_row(draft).fields)
    shown = page.get(f"/question-drafts/{draft}/edit")
    form = form_of(shown)
    page.post(f"/question-drafts/{draft}/edit", {**form.to_dict(flat=False), "act": "save"})
    with app.app_context():
        row = draft_row(draft)
        assert built(row.fields) == built(before)
        assert row.revision == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_question_of_every_type_can_be_kept_before_it_is_whole(app, page, kind) -> None:
    form = form_of(page.get(f"/question-editor/{BANK}/{kind}"))
    form["stem"] = "刚开了个头"
    answer = page.post(f"/question-editor/{BANK}/{kind}", {**form.to_dict(flat=False), "act": "save"})
    (fields,) = drafts(app)
    assert fields["stem"] == "刚开了个头" and fields["type"] == kind
    shown = page.get(answer.location)
    assert "刚开了个头" in shown
    if kind not in WITHOUT_MORE:
        assert "还有" in shown
        page.post(answer.location.replace("/edit", "/submit"), status=422)


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_is_previewed_with_its_key_and_nothing_is_kept(app, page, kind) -> None:
    with app.app_context():
        whole = writing(kind).fields
    form = {"stem": whole["stem"]}
    answer = page.post(f"/question-editor/{BANK}/{kind}/preview", form, status=200, audited=False)
    told = answer.get_json()
    assert ("要写完或改正" in told["html"]) is (kind not in WITHOUT_MORE)
    assert bool(told["faults"]) is (kind not in WITHOUT_MORE)
    assert drafts(app) == []


def test_options_are_added_moved_and_removed_without_scripts(page) -> None:
    form = form_of(page.get(f"/question-editor/{BANK}/single_choice"))
    form["stem"] = "先做什么？"
    for token, text in enumerate(["道歉", "查单", "退款", "换货"]):
        form[f"options-{token}-text"] = text
    form["options-right"] = "1"

    def pressed(act: str):
        sent = {**form.to_dict(flat=False), "act": act}
        url = f"/question-editor/{BANK}/single_choice/again"
        return form_of(page.post(url, sent, status=200, audited=False).text)

    assert [text for name, text in pressed("add:options:").items() if name.endswith("-text")] == [
        *("道歉", "查单", "退款", "换货"),
        "",
    ]
    form = pressed("up:options:1")
    assert (form["options-0-text"], form["options-right"]) == ("查单", "0")
    form = pressed("remove:options:3")
    assert form.getlist("options") == ["0", "1", "2"]
    form = pressed("down:options:2")
    assert form["options-2-text"] == "退款", "the last cannot go further down"
    for act in ("up:options:99", "down:nothing:1", "remove:options:x", "dance:options:1", "add:::", "::"):
        assert pressed(act).getlist("options") == ["0", "1", "2"]


def test_no_more_rows_come_than_a_type_allows(page) -> None:
    url = f"/question-editor/{BANK}/single_choice/again"
    tokens = [str(each) for each in range(50)]
    sent = {"options": tokens, **{f"options-{each}-text": f"第{each}个" for each in tokens}}
    form = form_of(page.post(url, {**sent, "act": "add:options:"}, status=200, audited=False).text)
    assert len(form.getlist("options")) == 10


def test_parts_of_a_case_are_added_with_their_own_type(page) -> None:
    url = f"/question-editor/{BANK}/case"
    shown = page.get(url)
    assert "add:parts:fill_in" in buttons_of(shown) and "add:parts:chat" not in buttons_of(shown)
    sent = {**form_of(shown).to_dict(flat=False), "act": "add:parts:fill_in"}
    form = form_of(page.post(f"{url}/again", sent, status=200, audited=False).text)
    assert form["parts-2-type"] == "fill_in" and "parts-2-blanks-0-accepted" in form
    odd = {"parts": ["0"], "parts-0-type": "chat", "parts-0-stem": "不行"}
    page.post(f"{url}/again", odd, status=200, audited=False)


def test_gaps_are_written_as_trainers_write_them(app, page) -> None:
    form = {"stem": "先（ ）再（　　），共__天。", "blanks": ["0", "1", "2"]}
    form |= {f"blanks-{each}-accepted": text for each, text in enumerate(["听\r\n倾听", "说", "3"])}
    page.post(f"/question-editor/{BANK}/fill_in", {**form, "topic": "general", "act": "save"})
    (fields,) = drafts(app)
    assert fields["stem"] == "先____再____，共____天。"
    assert fields["blanks"] == [["听", "倾听"], ["说"], ["3"]]


def test_numbers_come_in_full_width_and_what_is_none_is_told_at_its_field(app, page) -> None:
    url = f"/question-editor/{BANK}/number"
    page.post(url, {"stem": "几元？", "answer": "１，２３４．５", "tolerance": "0.5", "topic": "general"})
    (fields,) = drafts(app)
    assert (fields["answer"], fields["tolerance"]) == (1234.5, 0.5)
    told = page.post(
        f"{url}/preview", {"stem": "几元？", "answer": "约五"}, status=200, audited=False
    ).get_json()
    assert told["faults"]["answer"] and "答案" in told["faults"]["answer"][0]


def test_the_part_that_is_typed_as_yaml_names_its_lines(page) -> None:
    url = f"/question-editor/{BANK}/operation/preview"
    told = page.post(url, {"rows": "- id: r1\n  values: [\n"}, status=200, audited=False).get_json()
    assert "第" in told["faults"]["rows"][0] and "行" in told["faults"]["rows"][0]
    told = page.post(url, {"rows": "- id: r1\n  values: {}\n  more: 1"}, status=200, audited=False).get_json()
    assert "第3行" in told["faults"]["rows"][0]


def test_a_picture_goes_under_the_stem_and_asks_what_it_shows(app, page) -> None:
    form = form_of(page.get(f"/question-editor/{BANK}/true_false"))
    form["stem"], form["answer"] = "图里的是红旗。", "true"
    sent = {**form.to_dict(flat=False), "act": "upload", "picture": (io.BytesIO(picture()), "旗.png")}
    again = page.post(f"/question-editor/{BANK}/true_false/again", sent, status=200)
    assert "/files/" in again.text and "图1：缺少“图里有什么”" in again.text
    form = form_of(again.text)
    form["pictures-0-alt"] = "一面红旗"
    page.post(f"/question-editor/{BANK}/true_false", {**form.to_dict(flat=False), "act": "done"})
    (fields,) = drafts(app)
    assert (fields["pictures"][0]["alt"], fields["pictures"][0]["width"]) == ("一面红旗", 40)
    bad = {**form.to_dict(flat=False), "act": "upload", "picture": (io.BytesIO(b"no"), "x.png")}
    refused = page.post(f"/question-editor/{BANK}/true_false/again", bad, status=422)
    assert "只收PNG" in refused.text and "一面红旗" in refused.text


def test_a_picture_that_is_not_kept_cannot_be_handed_in(app, page) -> None:
    form = {"stem": "图里是什么？", "answer": "true", "topic": "general", "pictures": "0"}
    form |= {"pictures-0-file": "a" * 64, "pictures-0-alt": "没有的图"}
    answer = page.post(f"/question-editor/{BANK}/true_false", form)
    assert "找不到了" in page.get(answer.location)
    refused = page.post(answer.location.replace("/edit", "/submit"), status=422)
    assert "重新上传" in refused.text


def test_who_saves_after_somebody_else_sees_both_and_loses_nothing(app, client, page, writer) -> None:
    with app.app_context():
        draft = make_draft(writer)
        other = trainer("韩雪")
    mine = form_of(page.get(f"/question-drafts/{draft}/edit"))
    client.log_in_as(other)
    theirs = form_of(client.get(f"/question-drafts/{draft}/edit"))
    theirs["stem"] = "顾客问几时发货，怎么答？"
    client.post(f"/question-drafts/{draft}/edit", {**theirs.to_dict(flat=False), "act": "save"})
    client.log_in_as(writer)
    mine["stem"], mine["tags"] = "顾客问哪天发货，怎么答？", "发货、物流"
    lost = client.post(
        f"/question-drafts/{draft}/edit", {**mine.to_dict(flat=False), "act": "save"}, status=409
    )
    assert "刚刚被别人改过" in lost.text and "<del>几时</del><ins>哪天</ins>" in lost.text
    again = form_of(lost.text)
    assert (again["stem"], again["tags"]) == ("顾客问哪天发货，怎么答？", "发货、物流")
    client.post(f"/question-drafts/{draft}/edit", {**again.to_dict(flat=False), "act": "done"})
    with app.app_context():
        row = draft_row(draft)
        assert (row.revision, row.writers, row.tags) == (3, [writer, other], ["发货", "物流"])


def test_rubbish_never_breaks_the_editor(page) -> None:
    rubbish = {
        "stem": "\x00\x01" + "长" * 5000,
        "options": ["0", "0", "x", "9999999", "-1"],
        "options-right": ["0", "zzz"],
        "options-0-text": "<script>alert(1)</script>",
        "difficulty": "9",
        "source": "nowhere#x",
        "topic": "nowhere",
        "draft": "abc",
        "revision": "99999999999999",
        "pictures": ["0", "1"],
        "pictures-0-file": "../../etc",
        "pictures-0-width": "x",
        "parts": ["0"],
        "turns": ["0"],
        "turns-0-replies": ["0"],
        "turns-0-place": "a b",
        "wanted-fields": ["0"],
        "wanted-fields-0-rule": "nonsense",
        "rows": "!!python/object:os.system x",
        "act": "add:options:9",
    }
    for kind in KINDS:
        shown = page.post(f"/question-editor/{BANK}/{kind}/again", rubbish, status=200, audited=False).text
        assert "<script>alert" not in shown
        page.post(f"/question-editor/{BANK}/{kind}/preview", rubbish, status=200, audited=False)
        page.post(f"/question-editor/{BANK}/{kind}", rubbish, status=422)


def test_a_draft_is_not_shown_in_the_editor_of_another_bank_or_type(app, page, writer) -> None:
    with app.app_context():
        draft = make_draft(writer)
    page.post(f"/question-editor/{BANK}/essay/again", {"draft": draft}, status=404)
    page.get("/question-drafts/99/edit", status=404)


def test_people_who_may_not_write_do_not_get_to_the_editor(app, client) -> None:
    with app.app_context():
        make_bank()
        supervisor = make_person("组长", roles=["supervisor"])
        probation = make_person("新人", roles=["trainer"], status="probation")
    client.log_in_as(supervisor).get(f"/question-editor/{BANK}", status=403)
    client.get("/question-drafts")
    client.log_in_as(probation).get(f"/question-editor/{BANK}/essay", status=403)


@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        ("operation", lambda kept: kept["rows"][0]["id"] == "r1"),
        ("chat", lambda kept: kept["turns"]["t6"]["replies"][0]["to"] == "good"),
    ],
)
def test_the_example_of_a_long_type_is_put_in_where_nothing_was_typed(app, page, kind, holds) -> None:
    at = f"/question-editor/{BANK}/{kind}"
    fresh = page.get(at)
    assert "example" in buttons_of(fresh)
    typed = form_of(fresh)
    typed.setlist("stem", ["我自己的题干。"])
    shown = page.post(
        f"{at}/again", {**typed.to_dict(flat=False), "act": "example"}, status=200, audited=False
    ).text
    assert "可以交审了" in shown and "example" not in buttons_of(shown)
    page.post(at, {**form_of(shown).to_dict(flat=False), "act": "save"})
    (kept,) = drafts(app)
    assert kept["stem"] == "我自己的题干。" and holds(built(kept))
    assert "example" not in buttons_of(page.get(f"/question-editor/{BANK}/single_choice"))


def test_the_records_of_an_operation_task_show_how_they_are_written(page) -> None:
    assert "id: r1" in page.get(f"/question-editor/{BANK}/operation")


def test_a_new_question_without_a_stem_is_not_kept_but_what_was_typed_stays(app, page) -> None:
    at = f"/question-editor/{BANK}/true_false"
    shown = page.post(at, {"explanation": "先写了解析", "act": "save"}, status=422).text
    assert "请先写题干" in shown and "先写了解析" in shown and not drafts(app)


@pytest.mark.parametrize(
    "tags", ["长" * 31, "、".join("子丑寅卯辰巳午未申酉戌亥甲乙丙丁戊己庚辛壬")], ids=["long", "many"]
)
def test_tags_that_cannot_be_kept_are_told_of_instead_of_lost(app, page, tags) -> None:
    at = f"/question-editor/{BANK}/true_false"
    values = {"stem": "包裹当天发出。", "topic": TOPIC, "tags": tags, "act": "save"}
    shown = page.post(at, values, status=422).text
    assert "没有保存：" in shown and tags in shown and not drafts(app)


def test_nobody_reads_a_pattern_as_what_is_wrong(page) -> None:
    operation = {"stem": "x", "fields": "0", "fields-0-id": "中文 名", "fields-0-label": "x"}
    for kind, values in (("number", {"stem": "多少？", "unit": "元5"}), ("operation", operation)):
        again = f"/question-editor/{BANK}/{kind}/again"
        shown = page.post(again, {**values, "act": "look"}, status=200, audited=False).text
        assert "应符合" not in shown
    assert "只能用小写字母、数字和下划线" in shown


def test_records_that_nobody_touched_do_not_differ(app, page, writer) -> None:
    with app.app_context():
        draft = make_draft(writer, writing("operation"))
    typed = form_of(page.get(f"/question-drafts/{draft}/edit")).to_dict(flat=False)
    page.post(f"/question-drafts/{draft}/edit", {**typed, "stem": "第一页改的。", "act": "save"})
    stale = page.post(
        f"/question-drafts/{draft}/edit", {**typed, "stem": "第二页改的。", "act": "save"}, status=409
    ).text
    assert "别人保存的和你写的" in stale and stale.count("ed-changes") == 1
    assert "<del>一</del>" in stale and '<p class="strong">列表里的记录</p>' not in stale


def test_parts_of_a_case_are_offered_in_the_order_of_the_types(page) -> None:
    offered = [each for each in buttons_of(page.get(f"/question-editor/{BANK}/case")) if "add:parts:" in each]
    assert offered[0] == "add:parts:single_choice" and offered[-1] == "add:parts:essay"
