"""What a search finds, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cstrain.extensions import session
from cstrain.questions.library.facts import Wanted
from cstrain.questions.library.queries import all_ids, last_asked, papers_drawing, search
from cstrain.questions.models import QuestionVersion
from cstrain.questions.slots import QuestionStatistic
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams
from tests.factories.people import make_person
from tests.factories.questions import load_shipped_banks
from tests.questions.library.makers import (
    add_topic,
    draft_new,
    draft_of,
    found,
    ids,
    make_bank,
    question,
    searched,
    tag,
)

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("退货天数", ["q-days"]),
        ("货", ["q-days", "q-bank"]),
        ("价保abc期限", ["q-price"]),
        ("ａｂｃ", ["q-price"]),
        ("100%", ["q-price"]),
        ("%", ["q-price"]),
        ("_", ["q-mail"]),
        ("\\", ["q-slash"]),
        ("发_件前怎么 改地址", ["q-mail"]),
        ("‘发_件’", []),
        ('期限:"100', ["q-price"]),
        ("Q-MAIL", ["q-mail"]),
        ("q-days乙", ["q-days"]),
        ("😀", ["q-face"]),
        ("thts", ["q-days"]),
        ("THTS", ["q-days"]),
        ("qyhjcf", ["q-bank"]),
        ("xbx", ["q-bank"]),
        ("' OR 1=1 --", []),
        ("火星", []),
    ],
)
def test_a_text_is_found_as_it_is_read(tmp_path, text, refs) -> None:
    make_bank(tmp_path / "b")
    assert sorted(found(text)) == sorted(refs)


@pytest.mark.parametrize("text", ["", "   ", "　", "\u200b"])
def test_nothing_but_blanks_narrows_nothing(tmp_path, text) -> None:
    make_bank(tmp_path / "b")
    page = searched(text)
    assert page.total == page.exact == 6 and not page.similar


def test_a_very_long_text_is_cut_and_found_by_its_beginning(tmp_path) -> None:
    make_bank(tmp_path / "b", {"q-long": "长" * 50 + "短" * 50})
    assert found("长" * 50 + "短" * 5_000) == ["q-long"]
    assert searched("题" * 100_000).total == 0


def test_what_is_only_like_the_text_follows_the_likest_first(tmp_path) -> None:
    make_bank(tmp_path / "b")
    page = searched("签收后退货的天数")
    assert page.similar and page.exact == 0 and page.lines[0].ref == "q-days"
    both = searched("退货天数")
    assert both.exact == 1 and both.lines[0].ref == "q-days"
    assert [line.ref for line in searched("签收后退货的天数", type="fill_in").lines] == []


def test_filters_combine_and_a_topic_means_all_below_it(tmp_path) -> None:
    make_bank(tmp_path / "b")
    make_bank(tmp_path / "c", {"other": "别的题库里的货"})
    below = add_topic("b", "t-1", "one")
    with unit_of_work():
        question("q-days").topic_id = below
    assert found("货", bank="b", topic="t-1") == ["q-days"]
    assert found("货", bank="b", topic="one") == ["q-bank", "q-days"]
    assert found("货", bank="b", topic="nowhere") == []
    assert found("货", bank="c") == ["other"] and found(bank="nowhere") == []
    assert len(found(type="single_choice", difficulty=2, origin="shipped")) == 7
    assert found(origin="own") == found(difficulty=3) == found(source="-") == []
    assert len(found(source="page")) == 7 and found(source="pag") == []


def test_tags_sources_and_rule_versions_narrow(tmp_path) -> None:
    make_bank(tmp_path / "b")
    make_bank(tmp_path / "c", {"bare": "没有出处"}, source="")
    tag("q-days", "旺季", "售后")
    with unit_of_work():
        version = session().get_one(QuestionVersion, question("q-mail").current_version_id)
        version.rule_version = "2026版"
    assert found(tag="旺季") == ["q-days"] and found(tag="旺") == []
    assert searched(tag="旺季").lines[0].tags == ("售后", "旺季")
    assert found(source="-") == ["bare"]
    assert found(rule_version="2026版") == ["q-mail"]


def test_states_tell_use_drafts_and_retirement_apart(tmp_path) -> None:
    make_bank(tmp_path / "b")
    person = make_person("周明", roles=["trainer"])
    draft = draft_new("b", "先____，再____。", person)
    draft_of("b", "q-mail", person)
    with unit_of_work():
        question("q-face").retired_at = START
    assert len(found()) == len(found(state="all")) - 1 == 6
    assert found(state="retired") == ["q-face"]
    assert found(state="changing") == ["q-mail"]
    assert len(found(state="live")) == 5
    (new,) = searched(state="new").lines
    assert (new.draft_id, new.version_id, new.type, new.difficulty) == (draft, None, "fill_in", 2)
    assert found("先____") == [new.ref]
    assert found(type="fill_in") == found(difficulty=2, type="fill_in") == [new.ref]
    assert found(type="fill_in", difficulty=1) == []


def test_orders_are_the_same_whole_from_the_front_and_from_the_end(monkeypatch, tmp_path) -> None:
    from cstrain.questions.library.queries import searching

    monkeypatch.setattr(searching, "PAGE_SIZE", 2)
    make_bank(tmp_path / "b", {f"q-{n}": f"第{n}题" for n in range(7)})
    for order, refs in (
        ("ref", [f"q-{n}" for n in range(7)]),
        ("newest", [f"q-{n}" for n in reversed(range(7))]),
        ("used", [f"q-{n}" for n in reversed(range(7))]),
    ):
        pages = [search(Wanted(sort=order), number, None) for number in range(1, 6)]
        assert [line.ref for page in pages[:4] for line in page.lines] == refs
        assert pages[4].page == pages[4].pages == 4
        words = [search(Wanted(sort=order, text="第"), number, None) for number in range(1, 5)]
        assert [line.ref for page in words for line in page.lines] == refs


def test_many_finds_of_a_text_are_paged_by_the_database(monkeypatch, tmp_path) -> None:
    from cstrain.questions.library.queries import searching

    monkeypatch.setattr(searching, "PAGE_SIZE", 2)
    monkeypatch.setattr(searching, "MOST_LISTED", 5)
    make_bank(tmp_path / "b", {f"q-{n}": f"第{n}题" for n in range(7)})
    pages = [search(Wanted(text="第", sort="ref"), number, None) for number in range(1, 5)]
    assert [line.ref for page in pages for line in page.lines] == [f"q-{n}" for n in range(7)]
    assert pages[0].total == 7


def test_use_is_found_and_told(app, tmp_path) -> None:
    load_shipped_banks()
    exams.make_attempt(make_person("林晓雯"))
    used = searched(sort="used").lines
    assert used[0].asked == 1 and used[0].last == START
    never = search(Wanted(use="never"), 1, None)
    every = search(Wanted(), 1, None)
    assert 0 < never.total < every.total and all(line.asked == 0 for line in never.lines)
    day = START.date()
    assert searched(asked_from=day).total == every.total - never.total == searched(asked_to=day).total
    assert searched(asked_from=day + timedelta(days=1)).total == 0
    assert searched(asked_to=date(2020, 1, 1)).total == 0
    assert last_asked(used[0].id) == START and last_asked(never.lines[0].id) is None
    drawn = papers_drawing([used[0]], START)
    assert drawn[used[0].id] and all(each.cells for each in drawn[used[0].id])


class _Judge:
    """Statistics made up: the facility of a version is its id's last digit, tenths."""

    least = 1

    def of_versions(self, version_ids):
        return {
            each: QuestionStatistic(9, each % 10 / 10, 0.1, flags=("hard",) if each % 2 else ())
            for each in version_ids
        }

    def page_of(self, version_id):
        return ""

    def page_of_paper(self, ref):
        return ""


def test_statistics_narrow_and_order_what_was_asked(app) -> None:
    load_shipped_banks()
    exams.make_attempt(make_person("林晓雯"))
    asked = search(Wanted(asked_from=START.date()), 1, None).total
    ranked = search(Wanted(sort="facility"), 1, _Judge())
    assert ranked.total == asked and not ranked.cut
    order = [line.version_id % 10 for line in ranked.lines]
    assert order == sorted(order)
    flagged = search(Wanted(use="flagged"), 1, _Judge())
    assert 0 < flagged.total < asked and all(line.version_id % 2 for line in flagged.lines)
    assert all_ids(Wanted(sort="facility"), _Judge())[1] == asked
    assert search(Wanted(use="flagged", sort="facility"), 1, None).total == search(Wanted(), 1, None).total


def test_statistics_of_too_many_are_cut_and_that_is_told(app, monkeypatch) -> None:
    from cstrain.questions.library.queries import searching

    load_shipped_banks()
    exams.make_attempt(make_person("林晓雯"))
    monkeypatch.setattr(searching, "MOST_JUDGED", 3)
    page = search(Wanted(sort="facility"), 1, _Judge())
    assert page.cut and page.total == 3


def test_all_that_is_found_is_at_most_what_one_act_may_change(monkeypatch, tmp_path) -> None:
    from cstrain.questions.library.queries import searching

    make_bank(tmp_path / "b")
    monkeypatch.setattr(searching, "MOST_AT_ONCE", 2)
    chosen, total = all_ids(Wanted(bank="b"), None)
    assert (chosen, total) == (ids("q-bank", "q-days"), 6)
