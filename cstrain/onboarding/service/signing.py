"""Signing days: one or several together; the mentor's look at guide days; additions to a signature."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.notifications.facts import Bundle
from cstrain.notifications.service import notify, settle
from cstrain.onboarding.errors import SignRefusedError
from cstrain.onboarding.events import DaySigned, day_signed
from cstrain.onboarding.facts import Capacity, EnrolmentFacts, MentorFacts
from cstrain.onboarding.models import Enrolment, SignOff, SignOffNote, SignOffSample
from cstrain.onboarding.policy import Programme
from cstrain.onboarding.queries.enrolments import joined
from cstrain.onboarding.queries.mentors import guides_of, mentor_among, mentors_of
from cstrain.onboarding.queries.records import Records, records_of
from cstrain.onboarding.rules import signing as rules
from cstrain.onboarding.rules.sample import in_sample
from cstrain.onboarding.rules.signing import SignRequest, SignSituation
from cstrain.onboarding.service.common import need_reason
from cstrain.onboarding.store import MISSING, get, get_enrolment, onboarding_rules, programme_of
from cstrain.unit_of_work import flush_unique

Key = tuple[int, int]


@dataclass(slots=True)
class _Way:
    """An enrolment as its signatures meet it; ``signed`` grows while several of its days are signed."""

    facts: EnrolmentFacts
    programme: Programme
    records: Records
    mentor: MentorFacts | None
    substitutes: frozenset[PersonId]
    guides: dict[int, PersonId]
    signed: set[int]

    def situation(self, number: int, today: date) -> SignSituation | None:
        """Return a day as a signature meets it; ``None`` when the programme has no such day."""
        spec, on_day = self.programme.day(number), self.records.planned.get(number)
        if spec is None or on_day is None:
            return None
        return SignSituation(
            trainee=self.facts.person,
            mentor=self.mentor.mentor if self.mentor is not None else None,
            substitutes=self.substitutes,
            guide=self.guides.get(number),
            signed_by=spec.signed_by,
            place=spec.place,
            state=self.facts.state,
            on_day=on_day,
            today=today,
            confirmed=number in self.records.confirmed,
            signed=number in self.signed,
        )


def sign_days(actor: PersonId, now: datetime, requests: Sequence[SignRequest]) -> list[int]:
    """Sign several days in one go, all or none; return the ids of the signatures.

    Raises ``SignRefusedError`` with the reason of each that cannot be accepted. Late and out-of-order
    signatures are accepted and marked; about a tenth is drawn for HR's check.
    """
    if not requests:
        raise DomainError("没有签核：一个也没有选。请至少选一个。")
    ids = sorted({request.enrolment_id for request in requests})
    for enrolment_id in ids:
        get_enrolment(enrolment_id, lock=True)
    ways = _gather(ids, local_date(now))
    refusals = _refusals(actor, requests, ways, local_date(now))
    if refusals:
        raise SignRefusedError(refusals)
    ordered = sorted(requests, key=lambda request: (request.enrolment_id, request.day_number))
    return [_sign(actor, now, request, ways[request.enrolment_id]) for request in ordered]


def sign_day(
    actor: PersonId,
    now: datetime,
    enrolment_id: EnrolmentId,
    number: int,
    work_state: int | None,
    remark: str,
) -> int:
    """Sign one day; raises the refusal itself."""
    try:
        return sign_days(actor, now, [SignRequest(enrolment_id, number, work_state, remark)])[0]
    except SignRefusedError as error:
        raise error.refusals[enrolment_id, number] from None


def _gather(ids: Collection[int], today: date) -> dict[int, _Way]:
    records, assignments, guides = records_of(ids), mentors_of(ids), guides_of(ids)
    return {
        facts.id: _Way(
            facts=facts,
            programme=programme_of(edition),
            records=records[facts.id],
            mentor=mentor_among(assignments[facts.id], today),
            substitutes=frozenset(
                one.mentor for one in assignments[facts.id] if one.kind == "substitute" and one.covers(today)
            ),
            guides=guides.get(facts.id, {}),
            signed=set(records[facts.id].signed),
        )
        for facts, edition in joined(Enrolment.id.in_(ids))
    }


def _refusals(
    actor: PersonId, requests: Sequence[SignRequest], ways: dict[int, _Way], today: date
) -> dict[Key, DomainError]:
    remark_at = onboarding_rules().remark_required_at
    found: dict[Key, DomainError] = {}
    for request in requests:
        key = (request.enrolment_id, request.day_number)
        situation = ways[request.enrolment_id].situation(request.day_number, today)
        why: DomainError | None = NotFoundError(MISSING)
        if situation is not None:
            why = rules.refusal(actor, request, situation, remark_at)
        if why is not None:
            found[key] = why
    return found


def _sign(actor: PersonId, now: datetime, request: SignRequest, way: _Way) -> int:
    number, today = request.day_number, local_date(now)
    situation = way.situation(number, today)
    if situation is None:
        raise NotFoundError(MISSING)
    capacity = rules.capacity_of(actor, situation)
    late = rules.days_late(situation.on_day, today, onboarding_rules().sign_grace_days)
    row = SignOff(
        enrolment_id=request.enrolment_id,
        day_number=number,
        signed_by=actor,
        capacity=str(capacity),
        work_state=request.work_state,
        remark=request.remark.strip(),
        signed_at=now,
        late=late > 0,
        out_of_order=rules.is_out_of_order(number, {day: day in way.signed for day in way.records.planned}),
        mentor_seen_at=None,
        mentor_seen_by=None,
    )
    session().add(row)
    flush_unique("第%(number)s天已经签核过，不用再签。", number=number)
    way.signed.add(number)
    _draw(row, now)
    detail = {"day": number, "state": request.work_state, "capacity": str(capacity), "late": late}
    record(actor, "day.sign", f"enrolment:{request.enrolment_id}", **detail)
    _tell(now, way, number, capacity)
    day_signed.send(DaySigned(way.facts.id, way.facts.person, number, actor, now))
    return row.id


def _draw(row: SignOff, now: datetime) -> None:
    """Draw the signature for HR's check, or not: by its place and instant, so that anybody can draw again."""
    key = f"{row.enrolment_id}/{row.day_number}/{row.signed_by}/{now.isoformat()}"
    if in_sample(key, onboarding_rules().sample_share):
        session().add(SignOffSample(sign_off_id=row.id, drawn_at=now))
        session().flush()


def _tell(now: datetime, way: _Way, number: int, capacity: Capacity | None) -> None:
    notify(
        way.facts.person,
        "第%(number)s天已签核。",
        now=now,
        values={"number": number},
        url=f"/programme/days/{number}",
        bundle=Bundle(f"signed:{way.facts.id}", "已签核%(n)s天，最近签的是第%(number)s天。", "/programme"),
    )
    settle(_asked(way, number), now)
    if capacity is Capacity.GUIDE and way.mentor is not None:
        notify(
            way.mentor.mentor,
            "带教人签了第%(number)s天，请你查看。",
            now=now,
            values={"number": number},
            url="/trainees",
            key=f"see:{way.facts.id}:{number}",
        )


def _asked(way: _Way, number: int) -> list[str]:
    """Return the keys of the notices that asked for a day's signature."""
    signers = {
        *way.substitutes,
        way.guides.get(number),
        way.mentor.mentor if way.mentor is not None else None,
    }
    return [
        f"{what}:{way.facts.id}:{number}:{signer}"
        for what in ("sign", "unsigned")
        for signer in signers
        if signer is not None
    ]


def see_day(actor: PersonId, now: datetime, enrolment_id: EnrolmentId, number: int) -> None:
    """Note that the mentor (or today's substitute) has seen what a guide signed."""
    get_enrolment(enrolment_id, lock=True)
    way = _gather([enrolment_id], local_date(now))[enrolment_id]
    sign = way.records.signed.get(number)
    if sign is None or sign.capacity is not Capacity.GUIDE:
        raise NotFoundError(MISSING)
    mentor = way.mentor.mentor if way.mentor is not None else None
    if actor == way.facts.person or actor not in {mentor, *way.substitutes}:
        raise ForbiddenError("没有记录：这位学员今天不归你带。导师请假时，请人力资源部指定有日期的代带。")
    if sign.mentor_seen_at is not None:
        raise ConflictError("这一天已经查看过了。")
    row = session().get_one(SignOff, sign.id)
    row.mentor_seen_at, row.mentor_seen_by = now, actor
    session().flush()
    record(actor, "day.see", f"enrolment:{enrolment_id}", day=number)
    settle([f"see:{enrolment_id}:{number}"], now)


def see_days(actor: PersonId, now: datetime, keys: Sequence[tuple[EnrolmentId, int]]) -> None:
    """Note that the mentor has seen several guide days."""
    for enrolment_id, number in keys:
        see_day(actor, now, enrolment_id, number)


def add_note(actor: PersonId, now: datetime, sign_off_id: int, text: str) -> EnrolmentId:
    """Add to one's own signature what was wrong in it; the signature itself is never changed."""
    row = get(SignOff, sign_off_id)
    if row.signed_by != actor:
        raise ForbiddenError("没有保存：只有签核的人能追加更正。")
    session().add(SignOffNote(sign_off_id=row.id, text=need_reason(text), at=now, by=actor))
    session().flush()
    record(actor, "day.sign_note", f"enrolment:{row.enrolment_id}", day=row.day_number)
    return EnrolmentId(row.enrolment_id)
