"""Leads a competition through applications, sheets and ballots to choice, notice and the trial's end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.duties.kept_months import keep_months
from benchmarks.duties.road import Act, Flow, Guide
from benchmarks.duties.rows import act, newest, rows
from benchmarks.duties.world import MONTHS, World
from cstrain.kernel.calendar import add_months
from cstrain.promotion.competition import queries, service, store
from cstrain.promotion.competition.facts import Competition, Phase
from cstrain.promotion.competition.service import NewCompetition
from cstrain.promotion.competition.service.apply import SAID
from tests.factories.competitions import points

GOALS = ("checking", "rating", "calculated", "chosen", "decided", "notice", "closed", "end proposed", "ended")
_DECIDES = ("hr_manager", "gm_office", "deputy_gm", "gm")


def _now(world: World, flow: Flow) -> Competition:
    return queries.competition(flow.made["id"], world.today)


def lead(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    """Announce a competition of one's own and lead it on."""
    yield from _applied(world, flow)
    if goal == "checking":
        return
    yield from _started(world, flow)
    if goal == "rating":
        return
    yield from _rated(world, flow)
    if goal == "calculated":
        return
    yield from _chosen(world, flow, goal)
    if goal not in {"chosen", "decided"} and _now(world, flow).phase is Phase.DECIDED:
        yield from _on_trial(world, flow, goal)


def _applied(world: World, flow: Flow) -> Iterator[Act]:
    today, hr = world.today, world.with_role("hr")
    new = NewCompetition("客服组长", world.departments["SQ1"], 1, "带一个组。", today, today + timedelta(1))

    def announce(who: int) -> None:
        flow.made["id"] = service.announce(who, world.now, new)

    yield Act("announce", announce, hr)
    words, free = dict.fromkeys(SAID, "我的话"), _known(world)
    for _n in range(2):
        yield act(world, "apply", service.apply, free, flow.made["id"], words)
        free = [one for one in free if one not in flow.actors[-1:]]
    for each in queries.candidates_of([flow.made["id"]]):
        heads, named = world.heads_of(int(each.person)), {"agrees": True, "text": "看过"}
        yield act(world, "opinion", service.give_opinion, heads, each.id, **named)
        yield act(world, "check", service.check, hr, each.id, passes=True)


def _known(world: World) -> list[int]:
    """Return who leads no group yet and has a score in each of the last months that were closed."""
    keep_months(world, "SQ1", add_months(MONTHS[-1], 1))
    place, people = world.departments["SQ1"], world.agents("SQ1")
    closed = sorted({one["month"] for one in rows("month_close", department_id=place)})[-3:]
    scored = [
        {one["person_id"] for one in rows("performance_month", month=month) if one["score"] is not None}
        for month in closed
    ]
    free = [one for one in people if "group_leader" not in world.roles[one]]
    return [one for one in free if all(one in each for each in scored)]


def _started(world: World, flow: Flow) -> Iterator[Act]:
    one = _now(world, flow)
    if one.phase is Phase.OPEN:
        world.clock.move(timedelta(days=(one.closes_on - world.today).days + 1))
    out = {int(each.person) for each in queries.candidates_of([one.id])}
    able = [one for one in world.with_role("deputy_gm", "gm_office", "qc_manager") if one not in out]
    panel = flow.chance.sample(able, flow.chance.choice((3, 3, 4)))
    yield act(world, "start", service.start, world.with_role("hr"), one.id, panel)


def _rated(world: World, flow: Flow) -> Iterator[Act]:
    """Let every sheet come in, and ballots of all who are asked; then count."""
    one = _now(world, flow)
    for each in queries.passed(one.id):
        state = queries.progress(one, world.today)
        heads, person = world.heads_of(int(each.person)), int(each.person)
        offices = {"ability": heads, "manager": world.with_role("service_director")}
        panel = [int(who.person) for who in state.panel if who.recused is None]
        for kind, right in (*offices.items(), *(("interview", [who]) for who in panel)):
            given = points(kind, flow.chance.randrange(10))
            free = [who for who in right if who != person]
            yield act(world, kind, service.hand_in, free, each.id, kind, given, "看过")
    yield from _ballots(world, flow, one)
    yield act(world, "calculate", service.calculate, world.with_role("hr"), one.id)


def _ballots(world: World, flow: Flow, one: Competition) -> Iterator[Act]:
    """Ask the colleagues; when enough have answered the ballot is closed."""
    sheet, state = store.chapter().colleagues, queries.progress(one, world.today)
    for each in state.candidates:
        due = [int(who) for who in sorted(state.colleagues) if each in state.unanswered_by(who)]
        for who in flow.chance.sample(due, min(len(due), sheet.least)):
            answers = {item.id: flow.chance.choice(("excellent", "good", "poor")) for item in sheet.items}
            yield act(world, "answer", service.answer_as_colleague, [who], each.id, answers)
    if not state.ballot_closed:
        yield act(world, "close_ballot", service.close_ballot, world.with_role("hr"), one.id)


def _chosen(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    one, offices = _now(world, flow), world.with_role(*_DECIDES)
    found = queries.find_calculation(one.id)
    if one.phase is not Phase.CALCULATED or found is None:
        return
    chosen = [each.scored.candidate for each in found.places[: one.seats]]
    values = one.id, chosen, world.today + timedelta(days=1), "名次"
    yield act(world, "propose_choice", service.propose_choice, offices, *values)
    if goal != "chosen":
        yield from _answered(world, offices, one)


def _answered(world: World, offices: list[int], one: Competition) -> Iterator[Act]:
    for each in rows("competition_act", competition_id=one.id, answered_at=None):
        yield act(world, "answer_act", service.answer_act, offices, each["id"], agreed=True)


def _on_trial(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    one, clerks = _now(world, flow), world.with_role("hr", "hr_manager")
    for trial in queries.trials_of(one.id):
        yield act(world, "publish_notice", service.publish_notice, clerks, trial.candidate, "接待稳定。")
        notice = newest("competition_notice", candidate_id=trial.candidate)
        if goal == "notice" or notice is None:
            world.clock.move(timedelta(days=(notice["first_day"] - world.today).days if notice else 0))
            return
        world.clock.move(timedelta(days=max(0, (notice["last_day"] - world.today).days + 1)))
        yield act(world, "close_notice", service.close_notice, clerks, notice["id"])
        if goal == "closed":
            return
        world.clock.move(timedelta(days=max(0, (trial.ends_on - world.today).days)))
        offices, named = world.with_role(*_DECIDES), {"confirmed": True, "reason": "试岗看过"}
        propose = service.propose_trial_end
        yield act(world, "propose_trial_end", propose, offices, trial.candidate, **named)
        if goal == "ended":
            yield from _answered(world, offices, one)


GUIDE = Guide(GOALS, lead)
