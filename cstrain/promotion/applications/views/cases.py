"""What waits, the list of applications, and one application with everything the reader may see of it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from cstrain.access import actor, may, requires
from cstrain.approvals import queries as acts
from cstrain.extensions import local_date, now
from cstrain.judgement.assess import Assessment
from cstrain.kernel.finding import overall
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.promotion.applications import grounds, queries, store
from cstrain.promotion.applications.facts import ApplicationFacts, State
from cstrain.promotion.applications.forms import MayNoteForm
from cstrain.promotion.applications.policy import EVENT_WORDS, STATE_WORDS, TIE_WORDS
from cstrain.promotion.applications.queries.waiting import TASK_WORDS
from cstrain.promotion.applications.rules.states import REOPENS
from cstrain.promotion.applications.views.base import allowed, applications, names_of, sees_scores
from cstrain.ui.forms import whole
from cstrain.unit_of_work import unit_of_work

_PAGE = 50


@applications.get("")
@requires("application.view")
def index() -> str:
    """Show what waits for the reader and the applications they may see; open ones, or the ended ones."""
    at, me = now(), actor()
    closed = request.args.get("closed") == "1"
    visible = people.visible_people(me, "application.view", local_date(at))
    found = [one for one in queries.applications(people=visible, closed=closed) if one.person_id != me]
    pages = max(1, -(-len(found) // _PAGE))
    page = min(max(request.args.get("page", 1, whole), 1), pages)
    shown = found[(page - 1) * _PAGE : page * _PAGE]
    todo = queries.waiting_for(me, at)
    return render_template(
        "applications/index.html",
        todo=todo,
        todo_words=TASK_WORDS,
        rows=shown,
        titles={one.id: grounds.step_of(one)[0].titles[one.goal_level] for one in shown},
        closed=closed,
        total=len(found),
        links={
            "page": page,
            "pages": pages,
            "url": lambda n: url_for("applications.index", page=n, closed=1 if closed else None),
        },
        names=names_of([*(one.person_id for one in shown), *(one.about for one in todo)]),
        words=STATE_WORDS,
        own=queries.latest_of(me),
        sees_others=visible is None or bool(visible - {me}),
        scores=may(me, "defence.score"),
    )


@applications.get("/<int:application_id>")
@requires("application.view")
def show(application_id: int) -> str:
    """Show an application: what now, its conditions, what was said and done."""
    found = allowed(application_id)
    page = render_template("applications/show.html", **_page(found))
    if found.person_id != actor():
        with unit_of_work():
            people_service.log_view(actor(), found.person_id, "promotion.application", now())
    return page


def _page(found: ApplicationFacts) -> dict[str, Any]:
    me, at = actor(), now()
    ladder, step = grounds.step_of(found)
    rated = queries.endorsements(found.id)
    entry = queries.entry_of_application(found.id)
    appeal = queries.appeal_of(found.id)
    subject = store.subject_of(found.id)
    act = acts.open_act(store.TRIAL if found.state is State.TRIAL else store.DECIDE, subject)
    ids = {found.person_id, *(one.by for one in found.events), *(one.by for one in rated)}
    ids |= {one.person_id for one in entry.jurors} if entry is not None else set()
    ids |= {act.proposed_by} if act is not None else set()
    ids |= {appeal.decided_by} if appeal is not None else set()
    judged = _judged(found) if found.is_open else _as_kept(found.id)
    return {
        "found": found,
        "own": found.person_id == me,
        "ladder": ladder,
        "step": step,
        "assessment": judged,
        "rated": rated,
        "topics": {topic: one.text for topic, one in grounds.topics_of(step).items()},
        "confirmed": queries.confirmations(found.id),
        "entry": entry,
        "result": queries.scores(entry.id) if entry is not None and sees_scores(found) else None,
        "panel": queries.round_panel(entry.round_id) if entry is not None else None,
        **_notice(found.id),
        "appeal": appeal,
        "evidence": queries.evidence(found.id),
        "act": act,
        "names": names_of(ids),
        "words": STATE_WORDS,
        "event_words": EVENT_WORDS,
        "tie_words": TIE_WORDS,
        "can": _can(found),
        "today": local_date(at),
        "myself": me,
        "form": MayNoteForm(formdata=None),
    }


def _notice(application_id: int) -> dict[str, Any]:
    notice = queries.notice_of_application(application_id)
    objections = queries.objections(notice.id) if notice is not None else []
    return {"notice": notice, "waiting_objections": [one for one in objections if one.finding is None]}


def _judged(found: ApplicationFacts) -> Assessment:
    return grounds.judge(found, queries.ratings(found.id), local_date(now())).assessment


def _as_kept(application_id: int) -> Assessment | None:
    """Return the findings of the last sealed record: an ended application is not judged anew."""
    kept = queries.evidence(application_id)
    findings = queries.findings_of(kept[-1]) if kept else ()
    return Assessment(findings, overall(findings)) if findings else None


def _can(found: ApplicationFacts) -> dict[str, bool]:
    """Return what the reader may do now, by name; the services decide."""
    me, state = actor(), found.state
    superior = people.superior_acting(me, found.person_id, local_date(now()))
    appeal = queries.appeal_of(found.id)
    own = me == found.person_id

    def mine(permission: str, *states: State) -> bool:
        return state in states and not own and may(me, permission, found.person_id)

    return {
        "withdraw": own and state in {State.SUBMITTED, State.REVIEWED, State.CHECKED},
        "appeal": own and state in REOPENS and (appeal is None or appeal.upheld is not None),
        "review": mine("application.review", State.SUBMITTED) and superior is not None,
        "check": mine("application.check", State.REVIEWED),
        "decide": mine("application.decide", State.DEFENDED),
        "confirm": mine("application.confirm", State.DEFENDED, State.TRIAL),
        "publish": mine("public_notice.publish", State.APPROVED),
        "close": mine("public_notice.publish", State.NOTICE),
        "appoint": mine("application.appoint", State.CLEARED),
        "trial": mine("application.appoint", State.TRIAL),
        "decide_appeal": appeal is not None
        and appeal.upheld is None
        and not own
        and may(me, "application.decide_appeal", found.person_id)
        and me not in queries.acted(found.id),
    }
