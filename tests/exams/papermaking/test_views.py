"""The pages of papers on their way, walked by those who write and those who approve; the print; the map."""

from __future__ import annotations

import re

import pytest

from cstrain.exams.papermaking import documents, queries
from tests.counting import counted
from tests.factories import exams as make
from tests.factories import papermaking as road
from tests.factories.chats import make_chat_paper
from tests.factories.people import make_person
from tests.factories.questions import load_shipped_banks

REF = "own-tea-basics"
NEW = {
    "title": "茶饮基础",
    "name": "tea-basics",
    "kind": "exam",
    "bank": "tiny",
    "way": "blueprint",
    "copy_of": "",
}
HEAD = {
    "title": "茶饮基础",
    "kind": "exam",
    "effective_from": "2026-11-20",
    "minutes": "30",
    "pass_mark": "80",
    "difficulty_tolerance": "2",
    "release": "auto",
    "requires": "",
}


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def typed(revision: int, **changes: str) -> dict[str, object]:
    fields: dict[str, object] = {**HEAD, "revision": str(revision)}
    fields |= {"sections-0-title": "全部", "sections-0-marks": "10"}
    for at, kind in enumerate(make.KINDS):
        cell = f"sections-0-cells-{at}-"
        fields |= {f"{cell}count": "2", f"{cell}bank": "", f"{cell}topics": "basics", f"{cell}types": kind}
        fields[f"{cell}difficulties"] = ["1", "2", "3"]
    return {**fields, "do": "save", **changes}


@pytest.fixture
def cast(app):
    with app.app_context():
        make.make_bank(each=8)
        return {
            "author": make_person("周明", roles=["trainer"]),
            "boss": make_person("何芳", roles=["supervisor"]),
            "agent": make_person("林晓雯"),
            "auditor": make_person("孙立", roles=["auditor"]),
        }


@pytest.fixture
def ref(app, cast) -> str:
    with app.app_context():
        return road.approved(cast["author"], cast["boss"])


def test_a_trainer_writes_a_paper_and_a_supervisor_approves_it(client, cast) -> None:
    me = client.log_in_as(cast["author"])
    assert "没有在编的试卷" in plain(me.get("/papers/drafts"))
    me.get("/papers/drafts/new")
    me.post("/papers/drafts/new", NEW)
    page = plain(me.get("/papers/drafts/1/edit"))
    assert "还没有题目" in page and "现在合计0分" in page
    me.post("/papers/drafts/1/edit", {**HEAD, "revision": "1", "do": "add-section"})
    assert 'name="sections-0-cells-0-count"' in me.get("/papers/drafts/1/edit")
    me.post("/papers/drafts/1/edit", typed(2))
    page = plain(me.get("/papers/drafts/1"))
    assert "合计100分" in page and "题库够4份" in page and "提交，等批准" in page
    assert "第1题" in plain(me.get("/papers/drafts/1/form?seed=3"))
    me.post("/papers/drafts/1/submit", {"revision": "3"})
    me.post("/papers/drafts/1/approve", status=422)
    for page in ("edit", "pick"):
        assert me.raw.get(f"/papers/drafts/1/{page}").location == "/papers/drafts/1"
    late = me.post("/papers/drafts/1/edit", typed(3, title="提交后才保存的名称"), 422).text
    assert "已经不在这一步了" in late and "提交后才保存的名称" in late
    me.post("/papers/drafts/1/take-back")
    me.post("/papers/drafts/1/submit", {"revision": "3"})

    boss = client.log_in_as(cast["boss"])
    assert "1份试卷等批准" in plain(boss.get("/papers/drafts"))
    assert "请批准：茶饮基础" in plain(boss.get("/papers/drafts/1"))
    assert "请填写这一项" in boss.post("/papers/drafts/1/return", {"reason": ""}, 422).text
    boss.post("/papers/drafts/1/return", {"reason": "及格线要高些"})
    twice = boss.post("/papers/drafts/1/return", {"reason": "再退一次"}, 422).text
    assert "已经不在这一步了" in twice
    me = client.log_in_as(cast["author"])
    assert "何芳退回：及格线要高些" in plain(me.get("/papers/drafts/1"))
    me.post("/papers/drafts/1/edit", typed(3, pass_mark="85"))
    me.post("/papers/drafts/1/submit", {"revision": "4"})
    boss = client.log_in_as(cast["boss"])
    boss.post("/papers/drafts/1/approve")
    page = plain(boss.get(f"/papers/{REF}"))
    assert "茶饮基础" in page and "85" in page
    assert "本公司自己编的试卷" in plain(boss.get(f"/papers/{REF}/manage"))


def test_a_refused_form_keeps_what_was_typed(client, app, cast) -> None:
    with app.app_context():
        road.begin(cast["author"])
    me = client.log_in_as(cast["author"])
    wrong = typed(2, minutes="多", **{"sections-0-cells-1-count": "99", "sections-0-title": "怪名<b>"})
    page = me.post("/papers/drafts/1/edit", wrong, 422).text
    assert 'value="多"' in page and 'value="99"' in page and "怪名&lt;b&gt;" in page
    stale = me.post("/papers/drafts/1/edit", typed(1, title="我的改动"), 422).text
    assert "别人保存过" in stale and "我的改动" in stale
    assert "小写字母" in me.post("/papers/drafts/new", {**NEW, "name": "中文"}, 422).text
    me.post("/papers/drafts/1/submit", {"revision": "x"}, 422)
    me.post("/papers/drafts/1/drop")
    assert "已放弃" in plain(me.get("/papers/drafts/1"))


def test_rows_without_limits_or_sense_are_no_error_of_ours(client, app, cast) -> None:
    with app.app_context():
        road.begin(cast["author"])
    me = client.log_in_as(cast["author"])
    many = {f"sections-{at}-title": "x" for at in range(400)}
    me.post("/papers/drafts/1/edit", {**typed(2), **many, "do": "add-cell-99999"})
    me.post(
        "/papers/drafts/1/edit",
        {**typed(3), "sections-0-cells-0-topics": ["nowhere"], "kind": "conversion"},
        422,
    )
    me.get("/papers/drafts/999", 404)
    me.get("/papers/drafts/1/form?seed=abc", 422)
    me.get("/papers/nothing/manage", 404)
    me.get("/bank-coverage/nothing", 404)


def test_a_paper_is_picked_by_hand(client, app, cast) -> None:
    me = client.log_in_as(cast["author"])
    me.post("/papers/drafts/new", {**NEW, "way": "hand"})
    assert "还没有挑题" in plain(me.get("/papers/drafts/1/edit"))
    page = me.get("/papers/drafts/1/pick?type=number")
    assert "basics-number-1" in page and "basics-true_false-1" not in page
    assert "请先勾选" in me.post("/papers/drafts/1/pick", {"revision": "1"}, 422).text
    me.post(
        "/papers/drafts/1/pick?type=number",
        {"revision": "1", "refs": ["basics-number-1", "basics-number-2", "nope"]},
    )
    assert "已在试卷里" in me.get("/papers/drafts/1/pick?type=number")
    page = me.get("/papers/drafts/1/edit")
    assert page.index("basics-number-1") < page.index("basics-number-2") and "数字题" in page
    fields = {**HEAD, "revision": "2"}
    for at, one in enumerate(("basics-number-1", "basics-number-2")):
        fields |= {f"picked-{at}-ref": one, f"picked-{at}-part": "数字题", f"picked-{at}-marks": "50"}
    me.post("/papers/drafts/1/edit", {**fields, "do": "up-1"})
    with app.app_context():
        assert [one.ref for one in queries.draft(1).content.picked] == ["basics-number-2", "basics-number-1"]
    page = plain(me.get("/papers/drafts/1"))
    assert "合计100分" in page and "题库够1份" in page
    me.get("/papers/drafts/1/form")
    me.post("/papers/drafts/1/submit", {"revision": "3"})
    client.log_in_as(cast["boss"]).post("/papers/drafts/1/approve")
    page = plain(client.get(f"/papers/{REF}"))
    assert "指定的2题" in page


def test_an_own_paper_is_changed_copied_and_withdrawn(client, cast, ref) -> None:
    me = client.log_in_as(cast["author"])
    assert "复制成新试卷" in me.get(f"/papers/{ref}/manage")
    assert f'<option selected value="{ref}">' in me.get(f"/papers/drafts/new?copy={ref}")
    me.post("/papers/drafts/new", {**NEW, "name": "copy", "copy_of": ref})
    me.post(f"/papers/{ref}/change")
    assert "看在编的新版" in me.get(f"/papers/{ref}/manage")
    assert "已经有一份草稿" in me.post(f"/papers/{ref}/change", status=422).text
    me.post(f"/papers/{ref}/withdraw", {"reason": ""}, 422)
    me.post(f"/papers/{ref}/withdraw", {"reason": "换新版"})
    assert "停用了这份试卷" in plain(me.get(f"/papers/{ref}/manage"))
    assert "已停用" in plain(me.get("/papers"))


def test_agents_see_none_of_it_and_auditors_only_look(client, cast, ref) -> None:
    me = client.log_in_as(cast["agent"])
    for url in ("/papers/drafts", "/papers/drafts/1", f"/papers/{ref}/manage", f"/papers/{ref}/form.pdf"):
        me.get(url, 403)
    me.get("/bank-coverage/tiny", 403)
    auditor = client.log_in_as(cast["auditor"])
    auditor.get(f"/papers/{ref}/manage")
    auditor.get("/papers/drafts/1")
    auditor.get("/papers/drafts/new", 403)
    auditor.post(f"/papers/{ref}/key.pdf", {"seed": "1"}, 403)


def test_a_form_and_its_key_are_printed_apart(client, cast, ref) -> None:
    me = client.log_in_as(cast["author"])
    assert me.download(f"/papers/{ref}/form.pdf?seed=7").startswith(b"%PDF")
    key = me.post(f"/papers/{ref}/key.pdf", {"seed": "7"}, 200)
    assert key.data.startswith(b"%PDF") and key.headers["Cache-Control"] == "no-store"


def test_a_form_number_that_cannot_be_read_is_asked_for_again(client, cast, ref) -> None:
    me = client.log_in_as(cast["author"])
    for wrong in ("0", "八", "1000000"):
        page = me.get(f"/papers/{ref}/form.pdf?seed={wrong}", 422)
        assert 'href="#seed"' in page and f'value="{wrong}"' in page and "请填1到999999的整数" in page
        assert 'href="#key-seed"' not in page
    page = me.post(f"/papers/{ref}/key.pdf", {"seed": "八"}, 422).text
    assert 'href="#key-seed"' in page and 'id="key-seed-error"' in page and 'href="#seed"' not in page
    page = me.get("/papers/drafts/1/form?seed=abc", 422)
    assert 'href="#seed"' in page and 'value="abc"' in page


def test_what_cannot_be_answered_on_paper_is_named_and_left_out(client, app, cast) -> None:
    with app.app_context():
        chat = make_chat_paper()
        slots = _slots(app, chat)
        assert [one.printable for one in slots].count(False) >= 1
        left = documents._head(queries.spec_in_force(chat, road.TODAY), 1, slots)["left_out"]
        assert left and left[0]["kind"] == "会话题"
    me = client.log_in_as(cast["author"])
    assert "这些题型不能在纸上作答：会话题" in plain(me.get(f"/papers/{chat}/manage"))
    assert me.download(f"/papers/{chat}/form.pdf?seed=1").startswith(b"%PDF")
    me.post(f"/papers/{chat}/key.pdf", {"seed": "1"}, 200)


def _slots(app, ref: str) -> list[documents.PrintedSlot]:
    from cstrain.questions.queries import public_versions

    form = queries.drawn(queries.spec_in_force(ref, road.TODAY), 1)
    return documents.printed(form, public_versions([slot.question.version_id for slot in form]), 1)


def test_the_map_shows_headings_without_questions_and_what_to_write(app, client) -> None:
    with app.app_context():
        load_shipped_banks()
        person = make_person(roles=["trainer"])
    me = client.log_in_as(person)
    page = plain(me.get("/bank-coverage/product"))
    assert "接下来写什么" in page and "最要紧的在前" in page and re.search(r"写\d+道：", page)
    assert "heat-4" in me.get("/bank-coverage/daily")
    me.get("/bank-coverage/product?only=empty")


def test_lists_ask_the_database_as_often_for_many_as_for_one(app, client, cast) -> None:
    me = client.log_in_as(cast["author"])

    def asked(url: str) -> int:
        with counted(app) as statements:
            me.get(url)
        return len(statements)

    with app.app_context():
        road.begin(cast["author"])
        make.make_paper()
    asked("/bank-coverage/tiny")
    few = asked("/papers/drafts"), asked("/bank-coverage/tiny")
    with app.app_context():
        for n in range(5):
            road.begin(cast["author"], new=road.NEW._replace(name=f"x{n}"))
            make.make_paper(f"more-{n}")
    asked("/bank-coverage/tiny")  # blueprints are read once
    assert (asked("/papers/drafts"), asked("/bank-coverage/tiny")) == few


def test_homes_say_which_papers_wait(client, app, cast) -> None:
    with app.app_context():
        other = make_person("孔亮", roles=["trainer"])
        draft = road.submitted(cast["author"])
    boss = client.log_in_as(cast["boss"])
    assert "1份新编的试卷等批准" in plain(boss.get("/"))
    assert "1份新编的试卷等批准" in plain(client.log_in_as(other).get("/"))
    assert "试卷等批准" not in plain(client.log_in_as(cast["author"]).get("/"))
    client.log_in_as(cast["boss"]).post(f"/papers/drafts/{draft}/return", {"reason": "再短一些"})
    assert "试卷等批准" not in plain(client.get("/"))
    assert "1份试卷退回给你修改" in plain(client.log_in_as(cast["author"]).get("/"))
