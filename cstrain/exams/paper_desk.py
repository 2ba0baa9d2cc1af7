"""What the bank pages show of papers: blueprints, how deep their banks are, a form drawn to look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from cstrain.exams.assembly import PoolTooSmallError, depth, draw
from cstrain.exams.models import Paper
from cstrain.exams.policy import PaperSpec, SectionSpec
from cstrain.exams.queries.asked import asked_since, ever_asked, times_asked
from cstrain.exams.store import lacking, paper_in_force, spec_of, withdrawn
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import DomainError
from cstrain.questions.facts import PoolQuestion
from cstrain.questions.queries import pool
from cstrain.questions.slots import CellLine, DrawnSlot, PaperLine, PaperSheet, PaperUse, SectionLine


class StoredPapers:
    """Fills the slot of the bank pages from the stored papers."""

    def lines(self, at: datetime) -> Sequence[PaperLine]:
        """Return the papers in force, conversion papers first; two queries for all."""
        specs = _specs_in_force(at)
        pools: dict[str, list[PoolQuestion]] = {}
        for question in pool(*sorted({bank for spec in specs for bank in spec.banks})):
            pools.setdefault(question.bank, []).append(question)
        gone = withdrawn(spec.ref for spec in specs)
        lines = [_line(spec, [each for bank in spec.banks for each in pools.get(bank, ())]) for spec in specs]
        return [replace(line, withdrawn=line.ref in gone) for line in lines]

    def sheet(self, ref: str, at: datetime) -> PaperSheet:
        """Return one paper in force; raises ``NotFoundError``."""
        spec = spec_of(paper_in_force(ref, local_date(at)))
        available = pool(*spec.banks)
        sections = tuple(_section(section, spec.bank, available) for section in spec.sections)
        line = _line(spec, available)
        return PaperSheet(line, spec.difficulty_tolerance, spec.partial, sections)

    def form(self, ref: str, seed: int, at: datetime) -> Sequence[DrawnSlot]:
        """Draw a form for nobody; raises ``DomainError`` when the bank cannot give one."""
        spec = spec_of(paper_in_force(ref, local_date(at)))
        try:
            drawn = draw(spec, pool(*spec.banks), seed)
        except PoolTooSmallError as error:
            raise DomainError(
                "抽不出一份《%(paper)s》。题库还缺：%(missing)s。请先补题，再来抽卷。",
                paper=spec.title,
                missing=lacking(spec, error.missing),
            ) from None
        return [DrawnSlot(each.slot, each.section, each.marks, each.question) for each in drawn]

    def usage(self, question_ids: Collection[int]) -> Mapping[int, int]:
        """Return in how many attempts each question has stood."""
        return times_asked(question_ids)

    def ever_asked(self) -> sa.Select[int]:
        """Select the ids of questions that stood in attempts."""
        return ever_asked()

    def asked(self, question_ids: Collection[int] | None = None) -> sa.Select[int, int, datetime]:
        """Select in how many attempts questions stood, and when last."""
        return asked_since(question_ids)

    def cells(self, at: datetime) -> Sequence[PaperUse]:
        """Return what the papers in force draw; one query for all."""
        specs = _specs_in_force(at)
        return [PaperUse(spec.ref, spec.title, [cell.cell for cell in spec.cells]) for spec in specs]


def _specs_in_force(at: datetime) -> list[PaperSpec]:
    rows = session().scalars(
        sa.select(Paper)
        .where(Paper.effective_from <= local_date(at))
        .order_by(Paper.effective_from, Paper.edition)
    )
    latest = {row.ref: row for row in rows}
    specs = [spec_of(row) for row in latest.values()]
    order = {"conversion": 0, "exam": 1, "quiz": 2}
    return sorted(specs, key=lambda spec: (order[spec.kind], spec.bank, _natural(spec.ref)))


def _natural(ref: str) -> list[tuple[int, str]]:
    """Return a key that puts ``quiz-day-2`` before ``quiz-day-11``."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in ref.split("-")]


def _line(spec: PaperSpec, available: Sequence[PoolQuestion]) -> PaperLine:
    found = depth(spec, available)
    return PaperLine(
        ref=spec.ref,
        edition=spec.edition,
        title=spec.title,
        kind=spec.kind,
        bank=spec.bank,
        minutes=spec.minutes,
        pass_mark=spec.pass_mark,
        questions=spec.count,
        disjoint=spec.disjoint,
        consequences=spec.consequences,
        forms=found.forms_left,
        lacking=found.missing,
    )


def _section(section: SectionSpec, bank: str, available: Sequence[PoolQuestion]) -> SectionLine:
    cells = tuple(
        CellLine(
            cell.topics,
            cell.types,
            cell.difficulties,
            cell.count,
            sum(cell.cell.matches(question) for question in available),
            cell.bank,
            cell.refs,
        )
        for cell in (each.of_bank(bank) for each in section.cells)
    )
    return SectionLine(section.title, section.marks, cells)
