"""Not sitting a paper: at the person's own wish, decided by somebody else on what the rule says."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, session
from cstrain.grading.credentials import rules
from cstrain.grading.credentials.facts import OUTSIDE, RESULT
from cstrain.grading.credentials.models import Exemption
from cstrain.grading.credentials.queries.exemptions import exempt_people, finding_for, write_finding
from cstrain.grading.credentials.queries.passes import passed_people
from cstrain.grading.credentials.store import MISSING, credential_rules, locked_exemption
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.finding import State
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.unit_of_work import flush_unique

_WAITING = "你的免试申请已经提交，正在等决定，没有再提交一次。"
_DECIDED = "这个申请已经处理过或撤回了，没有改动。请刷新后再看。"


def ask_exemption(person: PersonId, now: datetime, paper_ref: str, wish: str) -> int:
    """Ask not to sit a paper; returns the id of the application. Its day decides which results count.

    Refuses a paper that is never exempted, one already passed or exempted, and a second application.
    """
    paper = exams.paper(paper_ref, now)
    if credential_rules().of(paper_ref).exemption is None:
        raise DomainError("《%(paper)s》不能免试，申请没有提交。请按安排参加考试。", paper=paper.title)
    if person in passed_people([paper_ref], [person], now)[paper_ref]:
        raise ConflictError("你已经通过《%(paper)s》，不用申请免试。", paper=paper.title)
    if person in exempt_people([paper_ref], [person], now)[paper_ref]:
        raise ConflictError("你已经免试《%(paper)s》，不用再申请。", paper=paper.title)
    waiting = sa.select(Exemption.id).where(
        Exemption.person_id == person,
        Exemption.paper_ref == paper_ref,
        Exemption.decided_at.is_(None),
        Exemption.withdrawn_at.is_(None),
    )
    if session().scalar(waiting) is not None:
        raise ConflictError(_WAITING)
    row = Exemption(
        person_id=person, paper_ref=paper_ref, asked_on=local_date(now), asked_at=now, wish=wish.strip()
    )
    session().add(row)
    flush_unique(_WAITING)
    record(person, "exemption.ask", f"exemption:{row.id}", paper=paper_ref)
    return row.id


def withdraw_exemption(person: PersonId, now: datetime, exemption_id: int) -> None:
    """Take one's own application back, or give a granted exemption up: the paper will be sat after all."""
    row = locked_exemption(exemption_id)
    if row.person_id != person:
        raise NotFoundError(MISSING)
    if row.withdrawn_at is not None or row.granted is False:
        raise ConflictError(_DECIDED)
    row.withdrawn_at = now
    session().flush()
    record(person, "exemption.withdraw", f"exemption:{row.id}", granted=row.granted)


def decide_exemption(
    actor: PersonId, now: datetime, exemption_id: int, *, granted: bool, reason: str
) -> None:
    """Decide somebody else's application. It is granted only if every condition is met; the finding is kept.

    A refusal says why. The day of application counts, however long the decision takes.
    """
    row = locked_exemption(exemption_id)
    person = PersonId(row.person_id)
    if actor == person:
        raise ForbiddenError("不能决定自己的免试申请。请由别人来决定。")
    if row.decided_at is not None or row.withdrawn_at is not None:
        raise ConflictError(_DECIDED)
    finding = finding_for(person, row.paper_ref, row.asked_on, now)
    if granted and finding.state is not State.MET:
        raise DomainError("免试条件没有全部满足，不能同意。缺依据的请先补登并确认成绩；不满足的请退回。")
    if not granted and not reason.strip():
        raise DomainError("没有写明理由，申请还没有决定。请写明理由，申请人会看到。")
    chapter = credential_rules()
    row.decided_by, row.decided_at, row.granted, row.reason = actor, now, granted, reason.strip()
    row.finding, row.policy_edition = write_finding(finding), chapter.edition
    policy, basis = chapter.of(row.paper_ref).exemption, finding.basis
    if granted and policy is not None and basis is not None:
        row.until = rules.exempt_until(row.asked_on, policy)
        row.attempt_id = basis.ref if basis.kind == RESULT else None
        row.outside_id = basis.ref if basis.kind == OUTSIDE else None
    session().flush()
    record(actor, "exemption.decide", f"exemption:{row.id}", granted=granted, state=finding.state.value)
    message = "你的免试申请已同意。" if granted else "你的免试申请没有同意，理由请看凭证页。"
    notify(person, message, url="/credentials", now=now)
