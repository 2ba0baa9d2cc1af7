"""A release that cannot apply what the company approved under the one before says so, with the line."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from cstrain.cli import cli
from cstrain.cli_context import Shell
from cstrain.extensions import db
from cstrain.operations import init
from cstrain.promotion.editions import queries
from cstrain.promotion.editions.models import LadderEdition
from tests.factories import editions as road

pytestmark = pytest.mark.usefixtures("context")


def rewrite(edition: int, old: str, new: str, column: str = "text") -> None:
    """Make an edition what a release before would have approved."""
    row = db.session.get_one(LadderEdition, edition)
    kept = getattr(row, column)
    assert old in kept
    db.session.execute(
        sa.update(LadderEdition).where(LadderEdition.id == edition).values({column: kept.replace(old, new)})
    )
    db.session.commit()
    db.session.expire_all()


def test_approved_editions_that_can_be_read_have_no_faults(offices) -> None:
    road.approve(offices, road.draft(offices))
    road.new_chapter(offices, "rating", ("contest_within: 5 ", "contest_within: 3 "))
    assert queries.inapplicable() == []


def test_a_key_that_is_gone_is_named_with_edition_and_line(offices) -> None:
    edition = road.new_chapter(offices, "rating", ("contest_within: 5 ", "contest_within: 3 "))
    rewrite(edition, "contest_within:", "contest_within_days:")
    found = queries.inapplicable()
    assert found
    assert {fault.file for fault in found} == {"rating第2版"}
    assert any("contest_within_days" in fault.message and fault.line > 1 for fault in found)


def test_a_chapter_that_is_gone_is_named(offices) -> None:
    edition = road.new_chapter(offices, "rating", ("contest_within: 5 ", "contest_within: 3 "))
    rewrite(edition, "chapter:rating", "chapter:raffle", "ladder_ref")
    (fault,) = queries.inapplicable()
    assert fault.file == "raffle第2版" and "没有这份制度" in fault.message


def test_a_ladder_whose_cases_come_out_otherwise_is_named(offices) -> None:
    edition = road.draft(offices)
    road.approve(offices, edition)
    rewrite(edition, "state: not_met", "state: met", "scenarios")
    found = queries.inapplicable()
    assert found and found[0].file.endswith("第2版")


def test_drafts_do_not_count(offices) -> None:
    edition = road.draft(offices)
    rewrite(edition, "edition:", "editions:")
    assert queries.inapplicable() == []


def test_the_upgrade_ends_with_1_and_names_each(app, offices, monkeypatch) -> None:
    edition = road.new_chapter(offices, "rating", ("contest_within: 5 ", "contest_within: 3 "))
    monkeypatch.setattr(init, "bring_up_to_date", lambda _at: {})
    shell = Shell(lambda: None, lambda _settings: app)  # type: ignore[arg-type, return-value]
    assert CliRunner().invoke(cli, ["upgrade"], obj=shell).exit_code == 0

    rewrite(edition, "contest_within:", "contest_within_days:")
    done = CliRunner().invoke(cli, ["upgrade"], obj=shell)

    assert done.exit_code == 1
    assert "rating第2版:" in done.stderr and "do not serve" in done.stderr
