"""The pages of the library: search, acts on many questions, undoing, saved searches."""

from __future__ import annotations

import re

import pytest

from tests.counting import counted
from tests.factories.people import make_person
from tests.factories.questions import load_shipped_banks
from tests.questions.library.makers import add_topic, draft_new, draft_of, ids, make_bank, question, tags_of


def text(page: str) -> str:
    """The words of a page without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def trainer(app, client, tmp_path):
    """A trainer, with two small banks and a question that is still written."""
    with app.app_context():
        make_bank(tmp_path / "b")
        make_bank(tmp_path / "c", {"other": "别的题库里的货要退，天数？"})
        add_topic("b", "t-1")
        person = make_person("周明", roles=["trainer"])
        draft_new("b", "先____，再____。", person)
        draft_of("b", "q-mail", person)
    return client.log_in_as(person)


@pytest.fixture
def chosen(app, trainer) -> list[int]:
    """The ids of two questions."""
    with app.app_context():
        return ids("q-days", "q-face")


def test_agents_find_nothing(app, client) -> None:
    with app.app_context():
        person = make_person()
    client.log_in_as(person)
    for url in ("/questions", "/questions/bulk", "/question-bulks", "/question-bulks/1", "/question-views"):
        client.get(url, status=403)
    client.post("/questions/bulk", status=403)
    client.post("/question-views", status=403)


def test_those_who_only_look_see_no_way_to_change(app, client, tmp_path) -> None:
    with app.app_context():
        make_bank(tmp_path / "b")
        person = make_person("孙立", roles=["auditor"])
    page = client.log_in_as(person).get("/questions")
    assert "找到6题" in text(page) and 'type="checkbox" name="q"' not in page
    client.get("/questions/bulk?act=retire&q=1", status=403)


def test_all_banks_are_searched_and_new_questions_lead_to_their_drafts(trainer) -> None:
    page = trainer.get("/questions")
    assert "全部题库：找到8题" in text(page) and "别的题库里的货" in page
    assert re.search(r'href="/question-drafts/\d+"', page) and "正在改" in page and "在写" in page
    assert "找到1题" in text(trainer.get("/questions?text=thts"))
    assert "没有一字不差的题" in text(trainer.get("/questions?text=签收后退货的天数"))
    assert "一字不差的只有1题" in text(trainer.get("/questions?text=退货天数"))


def test_a_bank_is_the_same_list_with_the_bank_set(trainer) -> None:
    page = trainer.get("/banks/b?topic=one&type=single_choice")
    assert "测试：找到6题" in text(page) and "别的题库里的货" not in page
    assert 'name="bank" value="b"' in page
    assert "找到1题" in text(trainer.get("/banks/b?bank=c&text=QD乙".replace("QD", "q-days")))


def test_values_nobody_offers_and_broken_ones_narrow_nothing(trainer) -> None:
    odd = "type=x&difficulty=9&state=x&sort=x&use=x&asked_from=x&asked_to=9999-99-99&source=x&tag=x&bank=x"
    assert "找到8题" in text(trainer.get(f"/questions?{odd}&page=99999999999999999999"))
    for words in ("%01", "😀" * 50, "%25_%5C", "x" * 3000):
        trainer.get(f"/questions?text={words}")


def test_every_order_and_filter_is_shown(trainer) -> None:
    for sort in ("newest", "ref", "used", "facility"):
        trainer.get(f"/questions?sort={sort}")
    assert "只列出有得分率的题" in trainer.get("/questions?sort=facility")
    for narrowing in ("use=never", "use=flagged", "state=new", "state=changing", "state=retired", "source=-"):
        trainer.get(f"/questions?{narrowing}&asked_to=2026-11-21")


def test_the_list_asks_the_same_few_statements_however_many_it_shows(app, client) -> None:
    with app.app_context():
        load_shipped_banks()
        person = make_person("周明", roles=["trainer"])
    client.log_in_as(person)
    client.get("/questions?text=退货")
    with counted(app) as few:
        client.get("/questions?text=价保&difficulty=3")
    with counted(app) as many:
        client.get("/questions?difficulty=2")
    assert (len(few), len(many)) == (18, 19)
    with counted(app) as last:
        client.get("/banks/daily?page=99")
    assert len(last) == 21


def bulk_url(act: str, chosen: list[int], **more: str) -> str:
    return (
        f"/questions/bulk?act={act}"
        + "".join(f"&q={each}" for each in chosen)
        + "".join(f"&{name}={value}" for name, value in more.items())
    )


def confirmed(page: str) -> dict[str, str]:
    """What the form that confirms would send."""
    found = dict(re.findall(r'name="(act|to|tags|ids)" type="hidden" value="([^"]*)"', page))
    return found | {"reason": "整理题库"}


def test_chosen_questions_are_tagged_and_that_is_undone(app, trainer, chosen) -> None:
    asked = trainer.get(bulk_url("tag", chosen))
    assert "选中2题" in text(asked) and "会改2题" not in text(asked)
    page = trainer.get(bulk_url("tag", chosen, tags="旺季，售后"))
    assert "会改2题" in text(page)
    given = confirmed(page)
    assert given["tags"] == "旺季,售后" and given["ids"] == ",".join(str(each) for each in chosen)
    done = trainer.post("/questions/bulk", given)
    address = done.headers["Location"]
    with app.app_context():
        assert tags_of("q-days") == ["售后", "旺季"]
    assert "加标签：改了2题" in text(trainer.get(address)) and "整批撤销" in trainer.get(address)
    assert "整理题库" in trainer.get("/question-bulks")
    trainer.post(f"{address}/undo")
    with app.app_context():
        assert tags_of("q-days") == []
    assert "全部恢复" in trainer.get(address) and "已撤销" in trainer.get("/question-bulks")
    trainer.post(f"{address}/undo", status=409)
    trainer.get("/question-bulks/999", status=404)


def test_undoing_says_what_was_left(app, trainer, chosen) -> None:
    def moved(to: str, some: list[int]) -> str:
        given = confirmed(trainer.get(bulk_url("move", some, to=to)))
        return trainer.post("/questions/bulk", given).headers["Location"]

    first = moved("t-1", chosen)
    moved("one", chosen[:1])
    trainer.post(f"{first}/undo")
    page = text(trainer.get(first))
    assert "有1题后来又改过" in page and "没有动" in page


def test_all_found_questions_are_retired_and_restored(app, trainer) -> None:
    page = trainer.get("/questions/bulk?act=retire&all=1&text=货&bank=b")
    assert "会改2题" in text(page)
    trainer.post("/questions/bulk", confirmed(page))
    with app.app_context():
        assert question("q-days").retired_at is not None
    page = trainer.get("/questions/bulk?act=restore&all=1&state=retired")
    assert "会改2题" in text(page)
    everything = text(trainer.get("/questions/bulk?act=tag&all=1&tags=x"))
    assert "会改4题" in everything and "2题有没审完的稿件" in everything


def test_an_act_without_a_reason_or_with_nothing_to_do_is_refused_with_what_was_typed(
    trainer, chosen
) -> None:
    given = confirmed(trainer.get(bulk_url("tag", chosen, tags="旺季")))
    page = trainer.post("/questions/bulk", {**given, "reason": " "}, status=422).text
    assert "请填写这一项" in page and "会改2题" in text(page) and confirmed(page)["tags"] == "旺季"
    page = trainer.post("/questions/bulk", {**given, "act": "restore", "reason": "留着"}, status=422).text
    assert "没有一道要改" in page
    for broken in (
        {"act": "explode"},
        {"ids": "x,-1,99999999999999"},
        {"ids": "1," * 6000},
        {"to": "nowhere"},
    ):
        trainer.post("/questions/bulk", {**given, **broken} | {"act": broken.get("act", "move")}, status=422)


def test_the_page_of_an_act_says_what_is_missing(monkeypatch, trainer, chosen) -> None:
    from cstrain.questions.library.views import bulk

    assert "还没有选题目" in trainer.get("/questions/bulk?act=retire")
    assert "还没有选题目" in trainer.get("/questions/bulk?act=nonsense&q=x&q=-1&q=99999999999")
    assert "没有主题" in trainer.get(bulk_url("move", chosen, to="nowhere"))
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 1)
    assert "一次最多改1题" in text(trainer.get("/questions/bulk?act=retire&all=1"))


def test_the_record_of_acts_says_when_it_is_empty(trainer) -> None:
    assert "还没有批量操作" in trainer.get("/question-bulks")


def test_a_search_is_kept_shared_used_and_removed(app, client, trainer) -> None:
    assert "还没有保存的筛选" in trainer.get("/question-views")
    assert "保存现在的筛选" in trainer.get("/questions?text=货")
    kept = trainer.post(
        "/question-views", {"name": "退货的", "wanted": "text=货&bank=b&evil=1", "shared": "y"}
    )
    assert kept.headers["Location"] == "/questions?text=%E8%B4%A7&bank=b"
    assert 'href="/questions?text=%E8%B4%A7&amp;bank=b"' in trainer.get("/questions")
    with app.app_context():
        other = make_person("孙立", roles=["trainer"])
    shown = client.log_in_as(other).get("/question-views")
    assert "退货的" in shown and "周明" in shown and "确认删除" not in shown
    assert "别人的" in client.get("/questions")
    view = 1
    client.post(f"/question-views/{view}/remove", status=404)
    with app.app_context():
        from cstrain.people.queries import everybody
        from tests.conftest import START

        first = next(each.id for each in everybody(START.date()) if each.name == "周明")
    client.log_in_as(first)
    client.post(f"/question-views/{view}/share", {"shared": "0"})
    client.post(f"/question-views/{view}/remove")
    assert "还没有保存的筛选" in client.get("/question-views")


def test_a_search_without_name_or_conditions_is_not_kept(trainer) -> None:
    page = trainer.post("/question-views", {"name": "", "wanted": "text=货"}, status=422).text
    assert "请填写这一项" in page and 'name="wanted" value="text=%E8%B4%A7"' in page
    page = trainer.post("/question-views", {"name": "空", "wanted": "x=1"}, status=422).text
    assert "没有任何筛选条件" in page


def test_a_tag_that_is_too_long_is_told_of_before_anything_is_changed(app, trainer, chosen) -> None:
    asked = "&".join(f"q={each}" for each in chosen)
    page = trainer.get(f"/questions/bulk?act=tag&{asked}&tags=短,{'长' * 31}")
    assert "太长，一个标签最多" in page and "确认，改这" not in page
    values = {"act": "tag", "tags": "长" * 31, "ids": ",".join(map(str, chosen)), "reason": "试"}
    assert "太长，一个标签最多" in trainer.post("/questions/bulk", values, status=422).text
    with app.app_context():
        assert not any(len(tag) > 30 for ref in ("q-days", "q-face") for tag in tags_of(ref))


def test_a_wrong_day_stands_open_with_what_is_wrong(trainer) -> None:
    page = trainer.get("/questions?asked_from=2026-13-45")
    assert re.search(r'<details class="fold" open><summary>更多条件', page) and "asked_from-error" in page


def test_a_very_long_stem_is_cut_in_the_list(app, trainer) -> None:
    with app.app_context():
        draft_new("b", "很长" * 2000, make_person("何芳", roles=["trainer"]))
    page = trainer.get("/questions?text=很长很长")
    assert "很长很长" in page and "很长" * 100 not in page
