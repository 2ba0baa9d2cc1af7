"""What people write into a case before it is decided: violations, summary, training, consent."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import DomainError, ForbiddenError
from cstrain.kernel.ids import CaseId, PersonId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import Violations
from cstrain.onboarding.conversion.models import ConversionCase, ExtensionConsent, SpecialTraining
from cstrain.onboarding.conversion.rules import labour
from cstrain.onboarding.conversion.service.common import case_url, hr_people, name_of, open_row, tell
from cstrain.onboarding.service.common import need_reason
from cstrain.people import queries as people

_SUMMARY_LEAST, _TEXT_MOST = 20, 2000


def state_violations(
    actor: PersonId, now: datetime, case_id: CaseId, violations: Violations, text: str = ""
) -> None:
    """State for a case that there was no violation, or list them one a line (until the register exists)."""
    row = open_row(case_id, actor)
    listed = text.strip()
    if violations is Violations.UNKNOWN:
        raise DomainError("没有保存：请选择“无”或“有”。")
    if violations is Violations.LISTED and not listed:
        raise DomainError("没有保存：请逐行写明违纪的日期和情况。")
    row.violations = violations
    row.violations_text = listed if violations is Violations.LISTED else ""
    row.violations_by = actor
    session().flush()
    count = len(listed.splitlines()) if violations is Violations.LISTED else 0
    record(actor, "conversion.violations", f"conversion:{case_id}", state=violations, count=count)


def write_summary(actor: PersonId, now: datetime, case_id: CaseId, text: str) -> None:
    """Keep the trainee's own summary of the probation; theirs alone, until a decision is proposed."""
    row = store.get_case(case_id, lock=True)
    if actor != row.person_id:
        raise ForbiddenError("试用期小结只能由本人填写。")
    open_row(case_id)
    summary = text.strip()
    if not _SUMMARY_LEAST <= len(summary) <= _TEXT_MOST:
        raise DomainError(
            "没有保存：小结要有%(least)s至%(most)s个字，现在有%(n)s个字。",
            least=_SUMMARY_LEAST,
            most=_TEXT_MOST,
            n=len(summary),
        )
    row.self_summary, row.summary_at = summary, now
    session().flush()
    record(actor, "conversion.summary", f"conversion:{case_id}", length=len(summary))
    tell(
        hr_people(now, [actor]),
        "%(name)s写好了试用期小结。",
        now,
        url=case_url(case_id),
        name=name_of(actor, now),
    )


def set_training(actor: PersonId, now: datetime, case_id: CaseId, text: str) -> None:
    """Set special training for a case; the trainee is told."""
    row = open_row(case_id, actor)
    training = need_reason(text, _TEXT_MOST)
    session().add(SpecialTraining(case_id=case_id, text=training, by=actor, at=now))
    session().flush()
    record(actor, "conversion.training", f"conversion:{case_id}")
    tell([PersonId(row.person_id)], "给你安排了专项培训，请查看。", now, url=case_url(case_id))


def offer_extension(actor: PersonId, now: datetime, case_id: CaseId, until: date) -> None:
    """Ask the employee whether they consent to probation until a day inside art. 19; they are told."""
    row = open_row(case_id, actor)
    contract = people.contract_of(PersonId(row.person_id), local_date(now))
    labour.agreed_end(contract)
    assert contract is not None
    labour.check_until(store.labour_law(), contract, until, local_date(now))
    row.offered_until = until
    session().flush()
    record(actor, "conversion.offer_extension", f"conversion:{case_id}", until=until.isoformat())
    tell(
        [PersonId(row.person_id)],
        "公司想和你协商把试用期延长到%(until)s，请查看并答复。",
        now,
        url=case_url(case_id),
        until=until,
    )


def record_consent(
    actor: PersonId, now: datetime, case_id: CaseId, until: date, consented_on: date, evidence: str
) -> None:
    """Record the employee's written consent to probation until a day.

    HR records a signed paper; the employee may consent here for themself, dated today. Refuses a day outside
    art. 19 and a consent that is not dated before the agreed end.
    """
    row = open_row(case_id)
    _check_consent(actor, local_date(now), row, until, consented_on)
    session().add(
        ExtensionConsent(
            case_id=case_id,
            until=until,
            consented_on=consented_on,
            evidence=need_reason(evidence),
            recorded_by=actor,
            recorded_at=now,
        )
    )
    session().flush()
    record(
        actor,
        "conversion.consent",
        f"conversion:{case_id}",
        until=until.isoformat(),
        on=consented_on.isoformat(),
    )
    others = [PersonId(row.person_id)] if actor != row.person_id else []
    tell(
        [*hr_people(now, [row.person_id]), *others],
        "%(name)s同意延长试用期至%(until)s，已登记。",
        now,
        url=case_url(case_id),
        name=name_of(row.person_id, now),
        until=until,
    )


def _check_consent(
    actor: PersonId, today: date, row: ConversionCase, until: date, consented_on: date
) -> None:
    law, contract = store.labour_law(), people.contract_of(PersonId(row.person_id), today)
    end = labour.agreed_end(contract)
    assert contract is not None
    labour.check_until(law, contract, until, today)
    labour.check_consent_day(law, end, consented_on, today)
    if actor == row.person_id and (consented_on != today or until != row.offered_until):
        raise DomainError("没有保存：在线同意的日期是今天，截止日是公司提出的那一天。请刷新后再看。")
