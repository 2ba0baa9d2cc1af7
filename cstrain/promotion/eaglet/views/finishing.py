"""The unified exams, the results, the end."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.promotion.eaglet import queries, service
from cstrain.promotion.eaglet.facts import Phase, Plan
from cstrain.promotion.eaglet.forms import AnswerForm, ClosingForm, ExamForm, one_of_several, yes
from cstrain.promotion.eaglet.policy import VIP
from cstrain.promotion.eaglet.views.common import back, blueprint, done, fresh, persons, shown_study
from cstrain.promotion.eaglet.wording import RESULT_WORDS
from cstrain.ui.filters import moment


@blueprint.get("/<int:plan_id>/exams")
@requires("eaglet.view")
def exams(plan_id: int) -> str:
    """Show the unified exams and what they came to; a member sees the own results only."""
    return _page(*shown_study(plan_id))


def _choices(plan: Plan) -> list[tuple[int, str]]:
    return [
        (one.id, f"{one.paper.title}（{moment(one.opens_at)}）")
        for one in queries.sittings_to_choose(plan, now())
    ]


def _page(plan: Plan, found: queries.Study, **refused: Any) -> str:
    me = actor()
    ever = any(one.person == me for one in found.members)
    runs, manages = plan.phase is Phase.STUDYING, may(me, "eaglet.manage") and not ever
    seen = [one.person for one in found.active if not ever or one.person == me]
    set_exam = fresh(ExamForm, "exam", refused)
    set_exam.offer(_choices(plan))
    state = queries.exams_of(plan, seen, now())
    waiting = [one for one in state.closings if one.agreed is None]
    duties = queries.duties_in(me, plan, now())
    return render_template(
        "eaglet/exams.html",
        plan=plan,
        found=found,
        state=state,
        names=persons([*seen, *(one.proposed_by for one in waiting)]),
        runs=runs,
        manages=manages and runs,
        closes=may(me, "eaglet.close") and not ever and runs,
        ready=any(one.kind == "closing" for one in duties),
        set_exam=set_exam,
        closing=fresh(ClosingForm, "closing", refused),
        waiting=waiting if not ever else [],
        answer=lambda prefix: fresh(AnswerForm, prefix, refused),
        results=RESULT_WORDS,
        vip=queries.places().get(VIP),
        ended=next((one for one in state.closings if one.agreed), None),
        own=ever,
    )


@blueprint.post("/<int:plan_id>/exams")
@requires("eaglet.manage")
def set_exam(plan_id: int) -> Any:
    """Set the unified sitting of a paper."""
    plan, found = shown_study(plan_id)
    form = one_of_several(ExamForm(), "exam")
    form.offer(_choices(plan))
    if done(
        form,
        lambda: service.set_exam(actor(), now(), plan_id, form.sitting.data),
        gettext("统一考试场次已定，组员会收到通知。"),
    ):
        return back(plan_id, "exams")
    return _page(plan, found, exam=form), 422


@blueprint.post("/<int:plan_id>/closing")
@requires("eaglet.manage")
def propose_closing(plan_id: int) -> Any:
    """Propose to accept the results and end the plan."""
    plan, found = shown_study(plan_id)
    form = one_of_several(ClosingForm(), "closing")
    if done(
        form,
        lambda: service.propose_closing(
            actor(), now(), plan_id, form.effective_on.data, form.text.data or ""
        ),
        gettext("已提出，等另一个人确认。"),
    ):
        return back(plan_id, "exams")
    return _page(plan, found, closing=form), 422


@blueprint.post("/<int:plan_id>/closing/<int:closing_id>")
@requires("eaglet.close")
def answer_closing(plan_id: int, closing_id: int) -> Any:
    """Agree to the end of a plan or send it back."""
    plan, found = shown_study(plan_id)
    prefix = f"answer{closing_id}"
    form = one_of_several(AnswerForm(), prefix)
    if done(
        form,
        lambda: service.answer_closing(
            actor(), now(), plan_id, closing_id, agreed=yes(form.agreed), text=form.text.data or ""
        ),
        gettext("已完成。"),
    ):
        return back(plan_id, "exams")
    return _page(plan, found, **{prefix: form}), 422
