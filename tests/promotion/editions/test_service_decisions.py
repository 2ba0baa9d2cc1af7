"""Two editions of a policy: what was decided under the old one keeps it, and can be verified at any time."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from cstrain.cli_context import shell_of
from cstrain.extensions import db
from cstrain.judgement.sealing import digest
from cstrain.promotion import ladders
from cstrain.promotion.applications import grounds
from cstrain.promotion.applications import queries as applications
from cstrain.promotion.applications import service as applying
from cstrain.promotion.applications.models import ApplicationEvidence
from cstrain.promotion.editions import queries
from cstrain.unit_of_work import unit_of_work
from tests.factories import editions as road
from tests.factories.editions import CLAUSE, NOW, START
from tests.factories.promotion import close_month, make_month

pytestmark = pytest.mark.usefixtures("context")
MONTHS = [date(2026, month, 1) for month in range(3, 11)]
DAY_BEFORE = datetime(2026, 12, 31, 2, 0, tzinfo=NOW.tzinfo)
DAY_OF = DAY_BEFORE + timedelta(days=1)


@pytest.fixture
def applied(offices) -> int:
    """Six good months of eight; the application is filed on the day before the change."""
    for person in (offices.agent, offices.other):
        for place, month in enumerate(MONTHS):
            make_month(
                person, offices.place, month, offices.hr, grade="A" if place > 1 else "B", brand_points=95
            )
    for month in MONTHS:
        close_month(offices.place, month, offices.hr)
    road.approve(offices, road.draft(offices))
    with unit_of_work():
        return applying.submit(
            offices.agent, DAY_BEFORE, offices.agent, "general", "intermediate", "带过两位新人。"
        )


def test_an_application_of_the_day_before_still_shows_the_old_clause_with_its_records(
    offices, applied
) -> None:
    one = applications.application(applied)
    assert (one.ladder_edition, ladders.ladder("general", START).edition) == (1, 2)
    judged = grounds.judge(one, (), START)  # on the day of the change, and later
    (clause,) = [each for each in judged.assessment.findings if each.clause == CLAUSE]
    assert (clause.state, clause.text) == ("met", "任初级期间绩效A级以上累计6个月")
    assert len(clause.records) >= 6 and all(each.kind == "month" for each in clause.records)
    (kept,) = applications.evidence(applied)
    (sealed,) = [each for each in applications.findings_of(kept) if each.clause == CLAUSE]
    assert sealed == clause
    (new,) = [each for each in grounds.offers(offices.other, START) if each.ladder.ref == "general"]
    (changed,) = [each for each in new.assessment.findings if each.clause == CLAUSE]
    assert new.ladder.edition == 2 and changed.state == "not_met" and "8个月" in changed.text
    (before,) = [
        each for each in grounds.offers(offices.other, DAY_BEFORE.date()) if each.ladder.ref == "general"
    ]
    assert before.ladder.edition == 1 and not before.blocked


def test_a_sealed_decision_is_judged_again_alike_under_the_conditions_kept_with_it(offices, applied) -> None:
    with unit_of_work():
        applying.endorse(
            offices.head, DAY_OF, applied, {f"intermediate-{topic}": (4, "好") for topic in TOPICS}
        )
        applying.review(offices.head, DAY_OF, applied, recommends=True, text="推荐")
    with unit_of_work():
        judged = applying.grounds_now(applied, DAY_OF)
        unknown = {
            place: "查过" for place, each in enumerate(judged.assessment.findings) if each.state == "unknown"
        }
        applying.pass_check(offices.hr, DAY_OF, applied, unknown)
    found = list(queries.verify_all())
    assert [one.stage for one in found] == ["submit", "check"]
    assert all(one.same and one.kept and one.edition == 1 for one in found)
    _one, content = queries.verified(found[1].id)
    acts = [(each["act"], each["by"]) for each in content["people"]]
    assert acts == [("submit", offices.agent), ("review", offices.head)]
    assert "files" in content and content["application"] == applied
    total, page = queries.verified_page(1)
    assert total == 2 and [one.stage for one in page] == ["check", "submit"]


TOPICS = ("influence", "outstanding", "breadth", "proposals", "cover", "assists", "planning")


def rewritten(change, *, seal: bool) -> None:
    row = db.session.scalars(sa.select(ApplicationEvidence)).one()
    content = json.loads(row.content)
    change(content)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    values = {"content": text, **({"sha256": digest(text)} if seal else {})}
    with unit_of_work():
        db.session.execute(sa.update(ApplicationEvidence).values(**values))


def test_what_was_changed_afterwards_is_noticed_and_named(offices, applied) -> None:
    def better(content) -> None:
        for month in content["facts"]["months"]:
            month["grade"] = "B"

    rewritten(better, seal=True)
    (one,) = queries.verify_all()
    assert one.whole and not one.same
    assert [each.clause for each in one.differences] == [CLAUSE]
    assert one.differences[0].was[0] == "met" and one.differences[0].now[0] == "not_met"
    rewritten(lambda content: content["facts"].pop("months"), seal=False)
    (one,) = queries.verify_all()
    assert not one.whole and one.readable
    rewritten(lambda content: content.update(facts="nothing"), seal=True)
    (one,) = queries.verify_all()
    assert one.whole and not one.readable and not one.same


def test_a_record_sealed_without_its_conditions_is_judged_by_the_edition_on_record(offices, applied) -> None:
    rewritten(lambda content: content["step"].pop("criteria"), seal=True)
    (one,) = queries.verify_all()
    assert one.same and not one.kept
    rewritten(lambda content: content["ladder"].update(edition=9), seal=True)
    (one,) = queries.verify_all()
    assert not one.readable


def test_the_command_verifies_every_decision_and_says_what_differs(app, offices, applied) -> None:
    from click.testing import CliRunner

    from cstrain.promotion.commands import promotion

    def run(*words: str):
        db.session.remove()
        return CliRunner().invoke(promotion, ["verify-decisions", *words], obj=shell_of(app))

    assert "核验1份，都对得上" in run().output and run().exit_code == 0
    found = json.loads(run("--json").output)
    assert (found["decisions"], found["same"], found["wrong"]) == (1, 1, [])

    def worse(content) -> None:
        content["findings"][7]["says"] = "改过"
        content["findings"].append(dict(content["findings"][0], clause="多的"))

    rewritten(worse, seal=False)
    result = run()
    assert result.exit_code == 1 and "内容已被改动" in result.output and "改过" in result.output
    wrong = json.loads(run("--json").output)["wrong"][0]
    assert not wrong["whole"] and wrong["differences"][-1]["now"] is None
    rewritten(lambda content: content.update(facts=1), seal=True)
    assert "读不出来" in run().output


def test_the_commands_judge_by_the_companys_own_edition(app, offices, applied) -> None:
    from click.testing import CliRunner

    from cstrain.people.queries import get_person
    from cstrain.promotion.commands import promotion

    staff_no = get_person(offices.other, START).staff_no
    db.session.remove()
    for day, edition, eligible in (("2026-12-31", 1, True), ("2027-01-01", 2, False)):
        words = ["explain", staff_no, "--ladder", "general", "--on", day, "--json"]
        found = json.loads(CliRunner().invoke(promotion, words, obj=shell_of(app)).output)
        assert (found["edition"], found["eligible"]) == (edition, eligible)
