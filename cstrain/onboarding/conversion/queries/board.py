"""What the probation board shows of conversion: opinions, re-exam, proposal and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from flask_babel import gettext

from cstrain.access import actor, may
from cstrain.approvals.facts import ChainFacts
from cstrain.exams.queries import shared_questions
from cstrain.extensions import local_date
from cstrain.kernel.ids import EnrolmentId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import EliminationFacts, Outcome, PaperLine
from cstrain.onboarding.conversion.policy import OUTCOME_WORDS
from cstrain.onboarding.conversion.queries import records
from cstrain.onboarding.conversion.queries.dossier import CaseView, case_views
from cstrain.onboarding.facts import BoardNote, OpinionMark
from cstrain.onboarding.queries.enrolments import enrolment, enrolments, programme
from cstrain.onboarding.slots import Panel
from cstrain.ui.filters import day, moment

PROPOSAL_STATES = {
    Outcome.NEXT_DAY: ("ok", "fine"),
    Outcome.AFTER_MONTH: ("ok", "fine"),
    Outcome.LAPSED: ("ok", "fine"),
    Outcome.TRAIN_AND_RESIT: ("late", "watch"),
    Outcome.EXTEND: ("bad", "act"),
    Outcome.ELIMINATE: ("bad", "act"),
}
"""The look of a proposal and the group of the board it raises a row to."""


def _(message: str, **values: object) -> str:
    return str(gettext(message, **values))


def board_notes(enrolment_ids: Collection[int], now: datetime) -> dict[EnrolmentId, BoardNote]:
    """Return the board's notes of the enrolments that have a conversion case or an elimination."""
    found = records.cases(enrolment_ids)
    views = case_views([facts.id for facts in found], now)
    notes = {view.case.enrolment_id: note_of(view, now) for view in views}
    for enrolment_id, one in records.eliminations_of([EnrolmentId(each) for each in enrolment_ids]).items():
        notes.setdefault(enrolment_id, _elimination_note(one))
    return notes


def notes_for_reader(enrolment_ids: Collection[int], now: datetime) -> dict[EnrolmentId, BoardNote]:
    """Return the board's notes, without the link where the reader sees the board and not the case."""
    notes = board_notes(enrolment_ids, now)
    trainees = enrolments(notes) if notes else {}
    return {
        one: note if may(actor(), "conversion.view", trainees[one].person) else replace(note, url="")
        for one, note in notes.items()
    }


def panel(enrolment_id: EnrolmentId, now: datetime) -> Panel | None:
    """Return the panel on a trainee's page: how the conversion stands, and where it is handled."""
    note = notes_for_reader([enrolment_id], now).get(enrolment_id)
    if note is None:
        return _to_arrange(enrolment_id)
    says = f"{note.proposal}。{note.why}" if note.why else note.proposal
    return Panel(_("转正"), says, note.url, _("查看转正"))


def _to_arrange(enrolment_id: EnrolmentId) -> Panel | None:
    """Lead who handles conversions to arranging the exam of an enrolment that has no case yet."""
    facts = enrolment(enrolment_id)
    conversion = programme(enrolment_id).conversion
    if conversion is None or not facts.is_open or not may(actor(), "conversion.manage", facts.person):
        return None
    url = f"/conversions/enrolments/{enrolment_id}/papers"
    return Panel(_("转正"), _("还没有安排转正考试。"), url, _("安排转正考试"))


def opinion_marks(chain: ChainFacts | None) -> tuple[OpinionMark, ...]:
    """Return the offices of a chain, or of the policy while none is open."""
    if chain is None:
        return tuple(OpinionMark(step.mark, step.title, "ahead") for step in store.chapter().chain)
    return tuple(OpinionMark(one.mark, _(one.title), one.state) for one in chain.opinions)


def note_of(view: CaseView, now: datetime) -> BoardNote:
    """Return what one case shows on a board or in a list."""
    today = local_date(now)
    proposal, state, group = _proposal(view)
    resit_says, resit_note, soon = _resit(view, today)
    return BoardNote(
        opinions=opinion_marks(view.chain),
        opinion_says=_opinion_says(view, today),
        resit_says=resit_says,
        resit_note=resit_note,
        proposal=proposal,
        proposal_state=state,
        why=(view.case.blocked or view.proposal.says).rstrip("。"),
        group="act" if soon or view.case.blocked else group,
        url=f"/conversions/{view.case.id}",
        progress=_progress(view),
    )


def _proposal(view: CaseView) -> tuple[str, str, str]:
    decided = view.case.outcome if view.case.closed_at is not None else None
    if view.elimination is not None:
        word = _("已决定不予转正") if view.elimination.state == "decided" else _("不予转正，待确认")
        return word, "bad", "act" if view.elimination.state == "open" else "fine"
    if decided is not None:
        return _(OUTCOME_WORDS[decided]), PROPOSAL_STATES[decided][0], "fine"
    outcome = view.proposal.outcome
    if outcome is None:
        return _("等成绩"), "wait", "fine"
    state, group = PROPOSAL_STATES[outcome]
    waits = view.act is None and outcome is not Outcome.TRAIN_AND_RESIT
    return _(OUTCOME_WORDS[outcome]), state, "act" if waits else group


def _opinion_says(view: CaseView, today: date) -> str:
    if view.case.closed_at is not None:
        return _("已办结")
    chain = view.chain
    if chain is None or (view.act is None and view.elimination is None):
        return _before_round(view)
    if chain.complete:
        return _("等第二人确认")
    due = chain.due
    if due is None or due.due_since is None:
        return _("还没到")
    days = (today - local_date(due.due_since)).days
    name = _(due.title)
    return _("%(office)s意见，等%(n)s天", office=name, n=days) if days else _("%(office)s意见", office=name)


def _before_round(view: CaseView) -> str:
    if view.proposal.outcome is None:
        return _("还没到")
    return _("补考后再填") if view.proposal.outcome is Outcome.TRAIN_AND_RESIT else _("等提出结论")


def _resit(view: CaseView, today: date) -> tuple[str, str, bool]:
    planned = [line for line in view.papers if _resit_ahead(line)]
    if planned:
        sitting = min((line.sitting for line in planned if line.sitting), key=lambda one: one.opens_at)
        is_today = local_date(sitting.opens_at) == today
        names = "、".join(line.short for line in planned)
        when = (
            _("今天%(at)s", at=f"{moment(sitting.opens_at)[-5:]}") if is_today else moment(sitting.opens_at)
        )
        return when, _("只考%(papers)s，题目全部换新", papers=names), is_today
    missed = [line.short for line in view.papers if _resit_missed(line)]
    if missed:
        return _("没有参加补考"), "、".join(missed), True
    taken = [line for line in view.papers if line.resits]
    if taken:
        return _("%(day)s已考", day=day(taken[-1].resits[-1].on)), _shared(taken), False
    if view.proposal.outcome is Outcome.NEXT_DAY:
        return _("不需要"), "", False
    return "", "", False


def _resit_ahead(line: PaperLine) -> bool:
    return line.sitting is not None and not line.sitting.over and line.sitting.kind == "resit"


def _resit_missed(line: PaperLine) -> bool:
    over = line.sitting is not None and line.sitting.over and line.sitting.kind == "resit"
    return over and not line.passed and not line.being_marked


def _shared(taken: list[PaperLine]) -> str:
    count = sum(
        shared_questions(line.first.attempt_id, resit.attempt_id)
        for line in taken
        if line.first is not None
        for resit in line.resits
    )
    return _("%(n)s题重复", n=count)


def _progress(view: CaseView) -> str:
    if view.case.closed_at is not None:
        return ""
    if any(_resit_ahead(line) for line in view.papers):
        return _("等补考")
    if any(line.resits for line in view.papers):
        return _("已补考")
    if view.case.extended_until is not None:
        return _("延长至%(day)s", day=day(view.case.extended_until))
    return ""


def _elimination_note(one: EliminationFacts) -> BoardNote:
    is_open = one.state == "open"
    return BoardNote(
        opinion_says=_("等第二人确认") if is_open else _("已办结"),
        proposal=_("不予转正，待确认") if is_open else _("已决定不予转正"),
        proposal_state="bad",
        why=one.condition,
        group="act" if is_open else "fine",
        url=f"/eliminations/{one.id}",
    )
