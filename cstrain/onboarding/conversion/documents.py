"""The printed papers of a case as plain data for their templates, and as PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cstrain.approvals.facts import VERDICT_WORDS, ChainFacts
from cstrain.documents.printed import pdf as pdf
from cstrain.documents.printed import zh_day as zh_day
from cstrain.extensions import local_date
from cstrain.grading.facts import ScoreFacts
from cstrain.kernel.ids import PersonId
from cstrain.kernel.units import shown
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import (
    CONVERTING,
    Consent,
    EliminationFacts,
    Outcome,
    PaperLine,
    Taken,
    Violations,
)
from cstrain.onboarding.conversion.policy import OUTCOME_WORDS
from cstrain.onboarding.conversion.queries.dossier import CaseView
from cstrain.onboarding.store import onboarding_rules
from cstrain.people import queries as people
from cstrain.people.facts import ContractFacts, ContractKind, PersonFacts, Status
from cstrain.people.policy import CONTRACT_WORDS, LEAVE_WORDS
from cstrain.performance.discipline import queries as discipline

NONE = "无记录"
FORM, LETTER, CONSENT = "conversion_form", "elimination_letter", "extension_consent"


def form_no(view: CaseView) -> str:
    """Return the number of the conversion form."""
    return f"ZZ-{local_date(view.case.opened_at).year}-{view.case.id:04d}"


def form_data(view: CaseView) -> dict[str, Any]:
    """Return the data of the approval form 转正审批表 (fields: docs/rules.md 1)."""
    chapter = store.chapter()
    names = _names(view)
    return {
        "number": form_no(view),
        "draft": _sealed(view) is None,
        "head": _head(view, names),
        "summary": view.case.self_summary or NONE,
        "training": _training(view),
        "papers": [_paper(line) for line in view.papers],
        "exams": [
            _exam(score) for score in view.scores if score.attempt.kind == "exam" and score.raw is not None
        ],
        "sheets": _sheets(view),
        "records": _records(view),
        "findings": [[one.text, _STATES[one.state], one.says] for one in view.assessment.findings],
        "opinions": _opinions(view.chain, names),
        "decision": _decision(view, names),
        "policy": f"{chapter.title}（第{chapter.edition}版）；《劳动合同法》",
        "hash": _sealed(view) or "",
        "none": NONE,
    }


_STATES = {"met": "满足", "not_met": "未满足", "unknown": "待确认"}


def _sealed(view: CaseView) -> str | None:
    if view.elimination is not None and view.elimination.snapshot_hash:
        return view.elimination.snapshot_hash
    return view.decision.snapshot_hash if view.decision is not None and view.act is None else None


def _names(view: CaseView) -> dict[PersonId, str]:
    ids: set[PersonId | None] = {view.person.id, view.mentor}
    for one in view.chain.opinions if view.chain else ():
        ids |= {one.given_by, one.for_person_id, one.named_person_id}
    for act in (view.act, view.decision, view.elimination):
        ids.add(act.proposed_by if act is not None else None)
    ids.add(view.decision.confirmed_by if view.decision else None)
    ids.add(view.elimination.decided_by if view.elimination else None)
    found = people.people([one for one in ids if one is not None], view.today)
    return {one: facts.name for one, facts in found.items()}


def _head(view: CaseView, names: Mapping[PersonId, str]) -> list[list[str]]:
    person, contract = view.person, view.contract
    return [
        ["姓名", person.name],
        ["工号", person.staff_no],
        ["部门", person.department_name],
        ["岗位", person.post],
        ["导师", _mentor_name(view, names)],
        ["入职日期", zh_day(person.hire_date)],
        ["合同期限", contract_words(contract)],
        ["试用期起止", probation_words(contract)],
    ]


def _mentor_name(view: CaseView, names: Mapping[PersonId, str]) -> str:
    given = [one for one in (view.chain.opinions if view.chain else ()) if one.office == "mentor"]
    named = given[0].named_person_id if given else view.mentor
    return names.get(named, NONE) if named is not None else NONE


def contract_words(contract: ContractFacts | None) -> str:
    """Say a contract's kind and term."""
    if contract is None:
        return NONE
    if contract.kind is not ContractKind.FIXED_TERM or contract.ends_on is None:
        return f"{CONTRACT_WORDS[contract.kind]}，{zh_day(contract.starts_on)}起"
    return f"{zh_day(contract.starts_on)}至{zh_day(contract.ends_on)}"


def probation_words(contract: ContractFacts | None) -> str:
    """Say from when to when the agreed probation lasts."""
    if contract is None or contract.probation_end is None:
        return NONE
    return f"{zh_day(contract.starts_on)}至{zh_day(contract.probation_end)}"


def _training(view: CaseView) -> list[list[str]]:
    record = view.record
    state = f"{record.mean_state}（满分5）" if record.mean_state is not None else NONE
    trained = "；".join(one.text for one in view.trainings)
    return [
        ["培训计划", f"{view.enrolment.programme_title}（第{view.enrolment.programme_edition}版）"],
        ["已签核", f"{record.days_signed}天，共{record.days_total}天"],
        ["其中补签", f"{record.late}天"],
        ["工作状态平均", state],
        ["专项培训", trained or NONE],
    ]


def _paper(line: PaperLine) -> dict[str, str]:
    last = line.resits[-1] if line.resits else None
    passed = {True: "及格", False: "未及格", None: NONE}[line.passed]
    return {
        "name": line.short,
        "first": _mark(line.first),
        "first_on": zh_day(line.first.on) if line.first else "",
        "resit": _mark(last) if last else ("—" if line.first else NONE),
        "resit_on": zh_day(last.on) if last else "",
        "result": passed,
    }


def _mark(taken: Taken | None) -> str:
    return str(shown(taken.raw, taken.pass_mark)) if taken is not None else NONE


def _exam(score: ScoreFacts) -> list[str]:
    return [score.attempt.paper.title, str(score.shown), zh_day(local_date(score.attempt.started_at))]


def _sheets(view: CaseView) -> list[list[str]]:
    rules = onboarding_rules()
    found = []
    for sheet in view.timeline.sheets:
        spec = rules.sheet(sheet.kind)
        if sheet.total is not None:
            value = f"{sheet.total.quantize(Decimal('0.1'))}"
        else:
            units = {one.id: (one.title, one.unit) for one in spec.measures}
            value = "，".join(
                f"{units[key][0]}{mark.normalize():f}{units[key][1]}" for key, mark in sheet.marks.items()
            )
        found.append([f"第{sheet.day_number}天{spec.title}", value, zh_day(local_date(sheet.entered_at))])
    return found


def _records(view: CaseView) -> list[list[str]]:
    stated = {
        Violations.UNKNOWN: NONE,
        Violations.NONE: "无",
        Violations.LISTED: view.case.violations_text,
    }[view.case.violations]
    if view.on_record:
        kept = "；".join(one.label for one in view.on_record)
        stated = kept if stated == NONE else f"{stated}；登记簿：{kept}"
    return [["违纪", stated], ["质检", NONE], ["扣分", _deductions(view)], ["出勤", _attendance(view)]]


def _deductions(view: CaseView) -> str:
    """Return number and points of the deductions since hiring that were not reversed."""
    found = discipline.deductions_about(view.person.id, view.person.hire_date)
    totals = [one.total for one in found if one.reversal is None]
    return f"{len(totals)}条，共{sum(totals)}分" if totals else NONE


def _attendance(view: CaseView) -> str:
    since = view.person.hire_date
    days: dict[str, int] = {}
    for leave in people.leave_of(view.person.id):
        if not leave.cancelled and leave.last_day >= since:
            word = LEAVE_WORDS[leave.kind]
            days[word] = days.get(word, 0) + (leave.last_day - leave.first_day).days + 1
    return "，".join(f"{word}{count}天" for word, count in days.items()) or NONE


def _opinions(chain: ChainFacts | None, names: Mapping[PersonId, str]) -> list[dict[str, str]]:
    if chain is None:
        return [_blank(step.title) for step in store.chapter().chain]
    return [
        {
            "office": one.title,
            "verdict": VERDICT_WORDS.get(one.verdict or "", ""),
            "rating": f"评{one.rating}分" if one.rating is not None else "",
            "text": one.text or "",
            "name": names.get(one.given_by, "") if one.given_by is not None else "",
            "for": names.get(one.for_person_id, "") if one.for_person_id is not None else "",
            "day": zh_day(local_date(one.given_at)) if one.given_at is not None else "",
        }
        for one in chain.opinions
    ]


def _blank(title: str) -> dict[str, str]:
    return {"office": title, "verdict": "", "rating": "", "text": "", "name": "", "for": "", "day": ""}


def _decision(view: CaseView, names: Mapping[PersonId, str]) -> dict[str, Any]:
    if view.elimination is not None:
        one = view.elimination
        return _outcome(
            Outcome.ELIMINATE,
            None,
            None,
            one.condition,
            (one.proposed_by, one.decided_by),
            one.decided_at,
            names,
        )
    if view.act is not None or view.decision is None:
        return _outcome(None, None, None, "", (None, None), None, names)
    done = view.decision
    by = (done.proposed_by, done.confirmed_by)
    return _outcome(done.outcome, done.effective_on, done.until, done.reason, by, done.decided_at, names)


def _outcome(
    outcome: Outcome | None,
    effective_on: date | None,
    until: date | None,
    reason: str,
    by: tuple[PersonId | None, PersonId | None],
    at: datetime | None,
    names: Mapping[PersonId, str],
) -> dict[str, Any]:
    return {
        "agree": outcome in CONVERTING,
        "extend": outcome is Outcome.EXTEND,
        "refuse": outcome is Outcome.ELIMINATE,
        "until": zh_day(until),
        "effective": zh_day(effective_on),
        "level": "初级" if outcome in CONVERTING else "",
        "word": OUTCOME_WORDS[outcome] if outcome is not None else "",
        "reason": reason,
        "proposed_by": names.get(by[0], "") if by[0] is not None else "",
        "confirmed_by": names.get(by[1], "") if by[1] is not None else "",
        "decided": zh_day(local_date(at)) if at is not None else "",
    }


def letter_data(one: EliminationFacts, person: PersonFacts, contract: ContractFacts | None) -> dict[str, Any]:
    """Return the data of the reason letter (art. 21: the reasons are stated to the employee)."""
    law = store.labour_law().elimination
    return {
        "number": one.letter_no,
        "draft": one.decided_at is None,
        "name": person.name,
        "staff_no": person.staff_no,
        "department": person.department_name,
        "post": person.post,
        "hired": zh_day(person.hire_date),
        "probation": probation_words(contract),
        "condition": one.condition,
        "acknowledged": zh_day(one.acknowledged_on),
        "evidence": one.evidence,
        "union": one.union_notice,
        "reasons": one.reasons,
        "last_day": zh_day(one.last_day),
        "clause": law.clause,
        "answer": one.answer or "",
        "decided": zh_day(local_date(one.decided_at)) if one.decided_at is not None else "",
        "hash": one.snapshot_hash or "",
    }


def consent_data(view: CaseView, until: date | None) -> dict[str, Any]:
    """Return the data of the consent to an extension, to be signed by the employee."""
    law = store.labour_law().extension
    consent: Consent | None = view.consent
    same = consent is not None and consent.until == until
    return {
        "number": f"{form_no(view)}-YC",
        "name": view.person.name,
        "staff_no": view.person.staff_no,
        "department": view.person.department_name,
        "post": view.person.post,
        "contract": contract_words(view.contract),
        "probation": probation_words(view.contract),
        "until": zh_day(until),
        "clause": law.clause,
        "courts_differ": law.courts_differ,
        "consented": zh_day(consent.consented_on) if consent is not None and same else "",
        "evidence": consent.evidence if consent is not None and same else "",
        "on_probation": view.person.status is Status.PROBATION,
    }
