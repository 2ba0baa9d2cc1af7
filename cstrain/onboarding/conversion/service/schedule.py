"""Arranging the conversion papers: all on their day, or one again by hand."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.exams import service as exams
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import CaseId, EnrolmentId, PersonId, SittingId
from cstrain.notifications.service import settle
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import PaperLine
from cstrain.onboarding.conversion.models import ConversionCase
from cstrain.onboarding.conversion.policy import Window
from cstrain.onboarding.conversion.queries.dossier import CaseView, case_view
from cstrain.onboarding.conversion.rules import labour
from cstrain.onboarding.conversion.service.common import (
    arrange_key,
    case_url,
    hr_people,
    name_of,
    not_self,
    open_row,
    tell,
)
from cstrain.onboarding.facts import subject_of
from cstrain.onboarding.policy import Conversion
from cstrain.onboarding.queries.enrolments import enrolment, planned_days, programme
from cstrain.onboarding.service.common import instant
from cstrain.onboarding.store import get_enrolment
from cstrain.people import queries as people


def open_case(actor: PersonId | None, now: datetime, enrolment_id: int) -> CaseId:
    """Open the conversion case of an enrolment; one that is there already is returned."""
    get_enrolment(enrolment_id, lock=True)
    found = store.case_of_enrolment(enrolment_id)
    if found is not None:
        return CaseId(found.id)
    facts = enrolment(enrolment_id)
    not_self(actor, facts.person)
    row = ConversionCase(
        enrolment_id=enrolment_id,
        person_id=facts.person,
        opened_at=now,
        opened_by=actor,
        violations="unknown",
        violations_text="",
        proposal_says="",
    )
    session().add(row)
    session().flush()
    record(actor, "conversion.open", f"conversion:{row.id}", enrolment=enrolment_id)
    return CaseId(row.id)


def schedule_conversion(
    actor: PersonId | None, now: datetime, enrolment_id: EnrolmentId, on_day: date | None = None
) -> list[SittingId]:
    """Arrange the programme's papers on one day (default: the planned one) and open the case.

    Refuses when the programme has none, when papers are arranged or taken, when the day lies after the agreed
    end of probation, or when a bank cannot give an entirely new form (with the numbers missing).
    """
    facts = enrolment(enrolment_id)
    not_self(actor, facts.person)
    conversion = _conversion(enrolment_id)
    day = on_day or planned_days(enrolment_id).get(conversion.day)
    if day is None:
        raise DomainError("没有安排：培训日期还没有排到第%(day)s天。请先排好日期。", day=conversion.day)
    _check_day(facts.person, day, now)
    case_id = open_case(actor, now, enrolment_id)
    if any(
        line.sitting is not None or line.latest or line.being_marked
        for line in case_view(case_id, now).papers
    ):
        raise ConflictError("转正三卷已经安排过。要补排某一卷，请在转正页单独安排。")
    subject = subject_of(enrolment_id, conversion.day)
    found = [
        _arrange(actor, now, paper.ref, "conversion", subject, facts.person, day, index)
        for index, paper in enumerate(conversion.papers)
    ]
    tell(
        [facts.person],
        "你的转正考试安排在%(day)s，共%(n)s卷。",
        now,
        url="/exams",
        key=f"conversion-exam:{enrolment_id}:{day.isoformat()}",
        day=day,
        n=len(found),
    )
    _settle_reminders(now, enrolment_id, facts.person)
    return found


def _settle_reminders(now: datetime, enrolment_id: EnrolmentId, person: PersonId) -> None:
    """Mark as read what asked to arrange the papers."""
    planned = planned_days(enrolment_id).get(_conversion(enrolment_id).day)
    if planned is None:
        return
    steps = [*map(str, store.chapter().reminders.arrange_working_days), "over"]
    told = {*hr_people(now, [person]), *people.superiors_of(person, local_date(now))[:1]}
    settle([arrange_key(enrolment_id, planned, step, one) for step in steps for one in told], now)


def _conversion(enrolment_id: int) -> Conversion:
    conversion = programme(enrolment_id).conversion
    if conversion is None:
        raise DomainError("没有安排：这个培训计划没有转正试卷。转正由人事逐案办理。")
    return conversion


def _check_day(person: PersonId, day: date, now: datetime) -> None:
    end = labour.agreed_end(people.contract_of(person, local_date(now)))
    if day > end:
        raise DomainError(
            "没有安排：%(day)s晚于试用期截止日%(end)s，届时依法视为转正。请改早考试日期。", day=day, end=end
        )


def _arrange(
    actor: PersonId | None,
    now: datetime,
    paper_ref: str,
    kind: str,
    subject: str,
    person: PersonId,
    day: date,
    index: int,
    *,
    tell: bool = False,
) -> SittingId:
    opens_at, closes_at = _instants(store.chapter().window(index), day)
    return exams.schedule(
        actor,
        now,
        paper_ref=paper_ref,
        kind=kind,
        subject=subject,
        people=[person],
        opens_at=opens_at,
        closes_at=closes_at,
        tell=tell,
    )


def _instants(window: Window, day: date) -> tuple[datetime, datetime]:
    return instant(day, window.opens), instant(day, window.closes)


def arrange_resit(
    actor: PersonId | None, now: datetime, view: CaseView, line: PaperLine, day: date
) -> SittingId:
    """Arrange a re-exam on a day; refuses after the agreed end and when the bank is too shallow."""
    _check_day(view.person.id, day, now)
    index = [one.ref for one in view.papers].index(line.ref)
    subject = f"enrolment:{view.enrolment.id}/resit"
    found = _arrange(actor, now, line.ref, "resit", subject, view.person.id, day, index)
    tell(
        [view.person.id],
        "《%(paper)s》补考安排在%(day)s，题目全部换新。",
        now,
        url="/exams",
        key=f"resit:{found}",
        paper=line.short,
        day=day,
    )
    tell(
        [view.mentor],
        "%(name)s的《%(paper)s》补考安排在%(day)s，请先做专项培训。",
        now,
        url=case_url(view.case.id),
        key=f"resit:{found}",
        name=view.person.name,
        paper=line.short,
        day=day,
    )
    return found


def arrange_paper(actor: PersonId, now: datetime, case_id: CaseId, paper_ref: str, day: date) -> SittingId:
    """Arrange one paper by hand: the first sitting for who was absent, else a re-exam of a failed one.

    Refuses when one is still ahead, and when the paper is passed or not released yet.
    """
    row = open_row(case_id, actor)
    view = case_view(case_id, now)
    line = next((one for one in view.papers if one.ref == paper_ref), None)
    if line is None:
        raise NotFoundError(store.MISSING)
    if line.sitting is not None and not line.sitting.over:
        raise ConflictError("没有安排：这一卷已经有一场还没有考。请先取消原来的场次。")
    if line.passed or line.being_marked:
        raise ConflictError("没有安排：这一卷已经及格，或者还在等成绩。")
    if day < local_date(now):
        raise DomainError("没有安排：%(day)s已经过去。请改选日期。", day=day)
    if line.latest is not None:
        found = arrange_resit(actor, now, view, line, day)
    else:
        _check_day(view.person.id, day, now)
        index = [one.ref for one in view.papers].index(line.ref)
        subject = subject_of(view.enrolment.id, _conversion(view.enrolment.id).day)
        found = _arrange(actor, now, paper_ref, "conversion", subject, view.person.id, day, index, tell=True)
    row.blocked = None
    session().flush()
    record(actor, "conversion.arrange", f"conversion:{case_id}", paper=paper_ref, sitting=found)
    tell(
        [view.mentor],
        "%(name)s的转正考试有新的安排。",
        now,
        url=case_url(case_id),
        name=name_of(view.person.id, now),
    )
    return found
