"""The title of a case's page answers what happens now; one sentence, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from cstrain.extensions import local_date
from cstrain.onboarding.conversion.facts import CONVERTING, Outcome, PlannedSitting
from cstrain.onboarding.conversion.policy import OUTCOME_WORDS
from cstrain.onboarding.conversion.queries import CaseView
from cstrain.ui.filters import day, moment


@dataclass(frozen=True, slots=True)
class Headline:
    """What now: a title, and what is next. ``state`` is one of ``_ui/status.html``."""

    title: str
    next: str
    state: str


def _(message: str, **values: object) -> str:
    return str(gettext(message, **values))


def headline(view: CaseView, *, my_turn: bool, may_confirm: bool) -> Headline:
    """Return the headline of a case for somebody who handles or follows it."""
    name = view.person.name
    if view.case.closed_at is not None or view.elimination is not None:
        return _ended(view, name)
    if view.act is not None:
        return _in_round(view, name, my_turn=my_turn, may_confirm=may_confirm)
    if view.case.blocked:
        return Headline(_("%(name)s的补考没有排上", name=name), view.case.blocked, "bad")
    return _open(view, name)


def _ended(view: CaseView, name: str) -> Headline:
    if view.elimination is not None and view.elimination.state == "open":
        return Headline(_("%(name)s的不予转正正在办理", name=name), view.elimination.condition, "bad")
    outcome = view.case.outcome
    if outcome in CONVERTING and view.case.effective_on is not None:
        title = _("%(name)s已转正，%(day)s生效", name=name, day=day(view.case.effective_on))
        return Headline(title, _(OUTCOME_WORDS[outcome]), "ok")
    if outcome is Outcome.ELIMINATE or view.elimination is not None:
        return Headline(
            _("%(name)s不予转正", name=name), view.elimination.condition if view.elimination else "", "bad"
        )
    return Headline(_("%(name)s的转正已停办", name=name), view.enrolment.close_reason or "", "skip")


def _in_round(view: CaseView, name: str, *, my_turn: bool, may_confirm: bool) -> Headline:
    assert view.act is not None
    word = _(OUTCOME_WORDS[Outcome(view.act.payload["outcome"])])
    if my_turn:
        return Headline(
            _("%(name)s：轮到你填写意见", name=name), _("提出的结论：%(word)s。", word=word), "now"
        )
    due = view.chain.due if view.chain else None
    if due is not None:
        title = _("%(name)s：等%(office)s填写意见", name=name, office=_(due.title))
        return Headline(title, _("提出的结论：%(word)s。", word=word), "wait")
    if may_confirm:
        return Headline(_("%(name)s：“%(word)s”等你确认", name=name, word=word), _("意见已填完。"), "now")
    return Headline(_("%(name)s：“%(word)s”等第二人确认", name=name, word=word), _("意见已填完。"), "wait")


def _open(view: CaseView, name: str) -> Headline:
    proposal = view.proposal
    ahead = next_sitting(view)
    if ahead is not None:
        sitting, papers = ahead
        title = _("%(name)s：%(at)s考%(papers)s", name=name, at=moment(sitting.opens_at), papers=papers)
        return Headline(title, proposal.says, "wait")
    if proposal.outcome is None:
        return Headline(_("%(name)s：等转正考试的成绩", name=name), proposal.says, "wait")
    if proposal.outcome is Outcome.TRAIN_AND_RESIT:
        return Headline(_("%(name)s：专项培训，然后补考", name=name), proposal.says, "late")
    word = _(OUTCOME_WORDS[proposal.outcome])
    return Headline(_("%(name)s：建议%(word)s，等人提出结论", name=name, word=word), proposal.says, "now")


def next_sitting(view: CaseView) -> tuple[PlannedSitting, str] | None:
    """Return the next sitting still ahead, with the papers of its day in words."""
    ahead = [line for line in view.papers if line.sitting is not None and not line.sitting.over]
    if not ahead:
        return None
    first = min((line.sitting for line in ahead if line.sitting), key=lambda one: one.opens_at)
    on = local_date(first.opens_at)
    names = [line.short for line in ahead if line.sitting and local_date(line.sitting.opens_at) == on]
    return first, "、".join(names)


def own_headline(view: CaseView) -> Headline:
    """Return the headline of one's own case."""
    case = view.case
    if view.elimination is not None:
        done = view.elimination.state == "decided"
        title = _("公司决定不予转正") if done else _("人力资源部提出不予转正，你可以答复")
        return Headline(title, view.elimination.condition, "bad")
    if case.outcome in CONVERTING and case.effective_on is not None:
        return Headline(_("你已转正，%(day)s生效", day=day(case.effective_on)), _("级别：初级。"), "ok")
    if case.closed_at is not None:
        return Headline(_("你的转正已停办"), view.enrolment.close_reason or "", "skip")
    if is_asked(view) and case.offered_until is not None:
        title = _("公司想把试用期延长到%(day)s，等你答复", day=day(case.offered_until))
        return Headline(title, _("是否同意由你决定。"), "now")
    return _own_open(view)


def is_asked(view: CaseView) -> bool:
    """Tell whether an extension was asked for that is neither consented to nor decided."""
    until, consent, extended = view.case.offered_until, view.consent, view.case.extended_until
    if until is None or (consent is not None and consent.until == until):
        return False
    return extended is None or extended < until


def _own_open(view: CaseView) -> Headline:
    ahead = next_sitting(view)
    if ahead is not None:
        sitting, papers = ahead
        title = _("%(at)s考%(papers)s", at=moment(sitting.opens_at), papers=papers)
        again = (
            _("补考的题目全部换新，每卷80分及格。")
            if sitting.kind == "resit"
            else _("每卷80分及格，三卷都要及格。")
        )
        return Headline(title, again, "now")
    if view.case.self_summary is None and view.act is None:
        return Headline(_("写一份试用期小结"), _("小结印在转正审批表上，各方填意见前会看。"), "now")
    if view.act is not None:
        return Headline(_("你的转正正在征求意见"), _("有了结论你会收到通知。"), "wait")
    return Headline(_("你的转正正在办理"), view.proposal.says, "wait")
