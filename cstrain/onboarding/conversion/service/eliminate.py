"""Elimination within probation: proposed with all that the law asks for, answered, confirmed."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from cstrain.approvals import queries as approval_queries
from cstrain.approvals import service as approvals
from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import Outcome
from cstrain.onboarding.conversion.models import ConversionCase, Elimination
from cstrain.onboarding.conversion.queries import records
from cstrain.onboarding.conversion.queries.dossier import case_view
from cstrain.onboarding.conversion.rules import elimination as rules
from cstrain.onboarding.conversion.rules import labour
from cstrain.onboarding.conversion.rules.elimination import EliminationInput
from cstrain.onboarding.conversion.service.archive import archive_form, archive_letter
from cstrain.onboarding.conversion.service.common import hr_people, name_of, not_self, tell
from cstrain.onboarding.conversion.service.opinions import send_round
from cstrain.onboarding.conversion.service.sealing import seal_elimination
from cstrain.onboarding.queries.enrolments import enrolment
from cstrain.onboarding.service.common import need_reason
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.people.facts import PersonFacts
from cstrain.unit_of_work import flush_unique, one_at_a_time

_ANSWER_MOST = 2000


def _url(elimination_id: int) -> str:
    return f"/eliminations/{elimination_id}"


def propose_elimination(
    actor: PersonId, now: datetime, enrolment_id: EnrolmentId, entry: EliminationInput
) -> int:
    """Propose that a trainee is eliminated; return the elimination's id.

    All fields are required, only within the agreed probation. The trainee sees the reasons at once and can
    answer. With a conversion case open the offices give their opinions first.
    """
    facts = enrolment(enrolment_id)
    not_self(actor, facts.person)
    person = people.get_person(facts.person, local_date(now))
    _check(person, entry, local_date(now))
    case = _open_case(enrolment_id)
    row = _row(actor, now, enrolment_id, person, entry, case)
    session().add(row)
    flush_unique("已经有人提出，正在等另一个人确认。请刷新后再看。")
    record(actor, "elimination.propose", f"elimination:{row.id}", enrolment=enrolment_id, case=row.case_id)
    if case is not None:
        subject = store.elimination_subject(row.id)
        title = "%(name)s的不予转正等你填写意见。"
        send_round(actor, now, case_view(case.id, now), subject, title, _url(row.id))
    _tell_proposed(actor, now, person, row.id)
    return row.id


def _check(person: PersonFacts, entry: EliminationInput, today: date) -> None:
    law = store.labour_law()
    end = labour.agreed_end(people.contract_of(person.id, today))
    rules.check_within(law, person.status, end, today)
    rules.check_entry(law, entry, person.hire_date, today)


def _open_case(enrolment_id: int) -> ConversionCase | None:
    case = store.case_of_enrolment(enrolment_id)
    if case is None or store.get_case(case.id, lock=True).closed_at is not None:
        return None
    if approval_queries.open_act(store.DECIDE, store.subject_of(case.id)):
        raise ConflictError("没有提出：已经有一个转正结论在办理。请先确认或退回。")
    return case


def _row(
    actor: PersonId,
    now: datetime,
    enrolment_id: int,
    person: PersonFacts,
    entry: EliminationInput,
    case: ConversionCase | None,
) -> Elimination:
    assert entry.acknowledged_on is not None and entry.last_day is not None
    return Elimination(
        enrolment_id=enrolment_id,
        case_id=case.id if case is not None else None,
        person_id=person.id,
        condition=entry.condition.strip(),
        acknowledged_on=entry.acknowledged_on,
        evidence=entry.evidence.strip(),
        union_notice=entry.union_notice.strip(),
        reasons=entry.reasons.strip(),
        last_day=entry.last_day,
        letter_no=_letter_no(local_date(now).year),
        proposed_by=actor,
        proposed_at=now,
    )


def _tell_proposed(actor: PersonId, now: datetime, person: PersonFacts, elimination_id: int) -> None:
    url = _url(elimination_id)
    tell([person.id], "人力资源部提出不予转正，请查看理由，你可以答复。", now, url=url)
    others = hr_people(now, [person.id, actor])
    tell(others, "%(name)s的不予转正等第二个人确认。", now, url=url, name=person.name)


def _letter_no(year: int) -> str:
    one_at_a_time("elimination.letter_no")
    prefix = f"BYZZ-{year}-"
    count = session().scalar(
        sa.select(sa.func.count(Elimination.id)).where(Elimination.letter_no.startswith(prefix))
    )
    return f"{prefix}{(count or 0) + 1:03d}"


def _open(elimination_id: int, actor: PersonId) -> Elimination:
    row = store.get_elimination(elimination_id, lock=True)
    not_self(actor, row.person_id)
    if row.decided_at is not None or row.refused_at is not None:
        raise ConflictError("这件事已经办结，不能再改。请刷新后再看。")
    return row


def answer_elimination(actor: PersonId, now: datetime, elimination_id: int, text: str) -> None:
    """Keep the trainee's answer to the reasons; once, theirs alone, kept whatever is decided."""
    row = store.get_elimination(elimination_id, lock=True)
    if actor != row.person_id:
        raise ForbiddenError("只有本人可以答复。")
    if row.answer is not None:
        raise ConflictError("你已经答复过，答复保留在案，不能再改。")
    answer = text.strip()
    if not answer or len(answer) > _ANSWER_MOST:
        raise DomainError("没有保存：答复要有1至%(most)s个字。", most=_ANSWER_MOST)
    row.answer, row.answered_at = answer, now
    session().flush()
    record(actor, "elimination.answer", f"elimination:{row.id}", length=len(answer))
    tell(
        [*hr_people(now, [actor]), PersonId(row.proposed_by)],
        "%(name)s答复了不予转正的理由。",
        now,
        url=_url(row.id),
        name=name_of(actor, now),
    )


def confirm_elimination(actor: PersonId, now: datetime, elimination_id: int) -> None:
    """Confirm an elimination as the second person: sealed, letter archived, the person leaves.

    Refuses after the agreed probation, by the proposer, and while opinions of an open case are missing.
    """
    row = _open(elimination_id, actor)
    person = PersonId(row.person_id)
    rules.check_second_person(PersonId(row.proposed_by), actor, person)
    today = local_date(now)
    contract = people.contract_of(person, today)
    status = people.get_person(person, today).status
    rules.check_within(store.labour_law(), status, labour.agreed_end(contract), today)
    chain = approval_queries.chain(store.elimination_subject(row.id))
    if chain is not None and not chain.complete:
        raise DomainError("没有生效：还有意见没有填。请等各方意见填完再确认。")
    row.last_day = max(row.last_day, today)
    row.decided_by, row.decided_at = actor, now
    session().flush()
    facts = records.elimination(row.id)
    row.snapshot, row.snapshot_hash = seal_elimination(facts, contract, chain, actor, now)
    _close_case(row, now)
    record(actor, "elimination.decide", f"elimination:{row.id}", snapshot=row.snapshot_hash)
    archive_letter(actor, now, row.id)
    if row.case_id is not None:
        archive_form(actor, now, row.case_id)
    tell([person], "公司已决定不予转正，通知书可以下载。", now, url=_url(row.id))
    people_service.leave_company(actor, now, person, row.last_day, f"试用期不符合录用条件（{row.letter_no}）")


def _close_case(row: Elimination, now: datetime) -> None:
    if row.case_id is not None:
        case = session().get_one(ConversionCase, row.case_id)
        case.outcome, case.decided_at, case.closed_at = str(Outcome.ELIMINATE), now, now
    session().flush()


def refuse_elimination(actor: PersonId, now: datetime, elimination_id: int, why: str) -> None:
    """Send an elimination back with a reason; it stays on record, and the trainee is told."""
    row = _open(elimination_id, actor)
    row.refused_by, row.refused_at, row.refused_why = actor, now, need_reason(why)
    session().flush()
    approvals.withdraw(actor, now, store.elimination_subject(row.id), "退回")
    record(actor, "elimination.refuse", f"elimination:{row.id}")
    tell(
        [PersonId(row.person_id), PersonId(row.proposed_by)],
        "%(name)s的不予转正已退回，不再办理。",
        now,
        url=_url(row.id),
        name=name_of(row.person_id, now),
    )
