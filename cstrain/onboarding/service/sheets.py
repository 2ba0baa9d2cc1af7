"""Score sheets: entered by an examiner, the mentor or the guide; a correction is a new sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, NotFoundError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.notifications.facts import Bundle
from cstrain.notifications.service import notify
from cstrain.onboarding.models import ScoreSheet
from cstrain.onboarding.queries.enrolments import planned_days, programme
from cstrain.onboarding.queries.records import sheets_of
from cstrain.onboarding.rules import sheets as rules
from cstrain.onboarding.service.common import as_text, need_open, need_reason, not_self
from cstrain.onboarding.store import MISSING, get_enrolment, onboarding_rules
from cstrain.unit_of_work import flush_unique


def enter_sheet(
    actor: PersonId,
    now: datetime,
    enrolment_id: EnrolmentId,
    number: int,
    kind: str,
    marks: Mapping[str, Decimal | None],
    evidence: str,
    *,
    corrects: int | None = None,
    reason: str = "",
) -> int:
    """Enter a score sheet of a day with its evidence; return its id.

    A second sheet of the kind must name the one it ``corrects`` and say why; both stay. Never for oneself.
    """
    person, on_day = _check_place(actor, now, enrolment_id, number, kind)
    form = onboarding_rules().sheet(kind)
    checked = rules.check_marks(form, marks, evidence)
    _check_correction(enrolment_id, number, kind, corrects)
    sheet = ScoreSheet(
        enrolment_id=enrolment_id,
        day_number=number,
        kind=kind,
        marks={name: as_text(value) for name, value in checked.items()},
        total=rules.total(form, checked),
        evidence=evidence.strip(),
        entered_by=actor,
        entered_at=now,
        corrects_id=corrects,
        reason=need_reason(reason) if corrects is not None else "",
    )
    session().add(sheet)
    flush_unique("成绩单没有保存：别人刚刚更正过这一张。请刷新后再看。")
    record(actor, "sheet.enter", f"enrolment:{enrolment_id}", day=number, kind=kind, corrects=corrects)
    if corrects is not None or on_day < local_date(now):
        _tell(person, now, sheet)
    return sheet.id


def _tell(person: PersonId, now: datetime, sheet: ScoreSheet) -> None:
    """Tell of a sheet that is late or corrects one: what is entered on the day itself stands on its page."""
    number = sheet.day_number
    values, url = {"number": number}, f"/programme/days/{number}"
    if sheet.corrects_id is not None:
        notify(person, "第%(number)s天的成绩单有更正，请查看。", now=now, values=values, url=url)
        return
    late = Bundle(
        f"sheets:{sheet.enrolment_id}", "登记了%(n)s张成绩单，最近一张是第%(number)s天的。", "/programme"
    )
    notify(person, "第%(number)s天的成绩单已登记，可以查看。", now=now, values=values, url=url, bundle=late)


def _check_place(
    actor: PersonId, now: datetime, enrolment_id: EnrolmentId, number: int, kind: str
) -> tuple[PersonId, date]:
    """Refuse one's own sheet, an ended training, a day to come or without this sheet.

    Returns whose sheet it is, and the date of the day.
    """
    row = get_enrolment(enrolment_id, lock=True)
    not_self(actor, row.person_id)
    need_open(row)
    spec = programme(enrolment_id).day(number)
    if spec is None or kind not in spec.sheets:
        raise NotFoundError(MISSING)
    on_day = planned_days(enrolment_id)[number]
    if on_day > local_date(now):
        raise ConflictError("成绩单没有保存：第%(number)s天是%(day)s，还没到。", number=number, day=on_day)
    return PersonId(row.person_id), on_day


def _check_correction(enrolment_id: EnrolmentId, number: int, kind: str, corrects: int | None) -> None:
    """Refuse a second sheet beside a current one, and a correction of anything else."""
    current = [
        sheet.id
        for sheet in sheets_of([enrolment_id])
        if sheet.day_number == number and sheet.kind == kind and not sheet.replaced
    ]
    if corrects is None and current:
        raise ConflictError("成绩单没有保存：这一天已经有一张同类成绩单。要改请用“更正”。")
    if corrects is not None and current != [corrects]:
        raise ConflictError("成绩单没有保存：要更正的那一张已经被别人更正过。请刷新后再看。")
