"""Competitions for a leader's post: applications, sealed sheets, anonymous colleagues, decision, trial."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks.duties.road import Act, Flow, Rule
from benchmarks.duties.world import World
from cstrain.promotion.competition import queries, service, store
from cstrain.promotion.competition.facts import Candidate, Check, Competition, Phase
from cstrain.promotion.competition.service import NewCompetition
from cstrain.promotion.competition.service.apply import SAID
from tests.factories.competitions import points

_APPLICANT = "FROM competition_candidate c WHERE c.competition_id = x.competition_id"
RULES = (
    Rule(
        "an act in a competition by somebody who applied in it",
        "SELECT x.id FROM competition_event x WHERE x.kind <> 'withdrawn' AND EXISTS"
        f" (SELECT 1 {_APPLICANT} AND c.person_id = x.by_id)",
    ),
    Rule(
        "a sheet by an applicant of the same competition",
        "SELECT x.id FROM competition_sheet x WHERE EXISTS"
        f" (SELECT 1 {_APPLICANT} AND c.person_id = x.rater_id)",
    ),
    Rule(
        "a choice or trial proposed or answered by an applicant of the same competition",
        "SELECT x.id FROM competition_act x WHERE EXISTS"
        f" (SELECT 1 {_APPLICANT} AND c.person_id IN (x.proposed_by, COALESCE(x.answered_by, 0)))",
    ),
    Rule(
        "announced by an applicant",
        "SELECT x.id FROM competition x JOIN competition_candidate c ON c.competition_id = x.id"
        " WHERE c.person_id = x.opened_by",
    ),
    Rule(
        "withdrawn by somebody else",
        "SELECT e.id FROM competition_event e JOIN competition_candidate c ON c.id = e.candidate_id"
        " WHERE e.kind = 'withdrawn' AND e.by_id <> c.person_id",
    ),
    Rule(
        "a sheet about somebody else than it says",
        "SELECT s.id FROM competition_sheet s JOIN competition_candidate c ON c.id = s.candidate_id"
        " WHERE s.about_id <> c.person_id OR s.rater_id = c.person_id",
    ),
    Rule(
        "an interview sheet by nobody of the panel",
        "SELECT s.id FROM competition_sheet s WHERE s.kind = 'interview' AND NOT EXISTS (SELECT 1 FROM"
        " competition_interviewer i WHERE i.competition_id = s.competition_id AND i.person_id = s.rater_id)",
    ),
    Rule(
        "a ballot by nobody who was asked, or about oneself",
        "SELECT b.id FROM competition_ballot b JOIN competition_candidate c ON c.id = b.candidate_id"
        " WHERE b.rater_id = c.person_id OR b.about_id <> c.person_id OR NOT EXISTS (SELECT 1 FROM"
        " competition_colleague l WHERE l.competition_id = c.competition_id AND l.person_id = b.rater_id)",
    ),
    Rule(
        "a colleague who is on the panel or applied",
        "SELECT x.id FROM competition_colleague x WHERE EXISTS (SELECT 1 FROM competition_interviewer i"
        " WHERE i.competition_id = x.competition_id AND i.person_id = x.person_id)"
        f" OR EXISTS (SELECT 1 {_APPLICANT} AND c.person_id = x.person_id)",
    ),
    Rule(
        "an interviewer who applied",
        f"SELECT x.id FROM competition_interviewer x WHERE EXISTS (SELECT 1 {_APPLICANT} AND c.person_id ="
        " x.person_id)",
    ),
    Rule(
        "counts that are not the ballots",
        "SELECT t.candidate_id FROM competition_tally t GROUP BY t.candidate_id, t.item HAVING sum(t.chosen)"
        " <> (SELECT count(*) FROM competition_ballot b WHERE b.candidate_id = t.candidate_id)",
    ),
    Rule(
        "a trial without a choice that two persons made",
        "SELECT t.id FROM competition_trial t WHERE NOT EXISTS (SELECT 1 FROM competition_act a WHERE"
        " a.competition_id = t.competition_id AND a.subject = 'choice' AND a.agreed"
        " AND a.proposed_by <> a.answered_by) OR NOT EXISTS (SELECT 1 FROM competition_event e WHERE"
        " e.competition_id = t.competition_id AND e.kind = 'calculated')",
    ),
    Rule(
        "a trial of somebody who withdrew or was sent back",
        "SELECT t.id FROM competition_trial t WHERE EXISTS (SELECT 1 FROM competition_event e WHERE"
        " e.candidate_id = t.candidate_id AND e.kind = 'withdrawn')",
    ),
    Rule(
        "an objection looked into by who made it, by who chose, or by somebody who applied there",
        "SELECT o.id FROM competition_objection o JOIN competition_notice n ON n.id = o.notice_id"
        " JOIN competition_candidate c ON c.id = n.candidate_id WHERE o.by_id IN (o.started_by,"
        " o.answered_by) OR EXISTS (SELECT 1 FROM competition_act a WHERE a.competition_id ="
        " c.competition_id AND a.agreed AND a.subject = 'choice' AND (o.started_by IN (a.proposed_by,"
        " a.answered_by) OR o.answered_by IN (a.proposed_by, a.answered_by))) OR EXISTS (SELECT 1 FROM"
        " competition_candidate r WHERE r.competition_id = c.competition_id AND r.person_id IN"
        " (o.started_by, o.answered_by))",
    ),
    Rule(
        "a clean notice with an objection unanswered or upheld",
        "SELECT n.id FROM competition_notice n JOIN competition_objection o ON o.notice_id = n.id"
        " WHERE n.outcome = 'clean' AND (o.answered_at IS NULL OR o.finding = 'upheld')",
    ),
    Rule(
        "checked again by who checked it last",
        "SELECT e.id FROM competition_event e JOIN competition_event f ON f.id = (SELECT max(g.id) FROM"
        " competition_event g WHERE g.candidate_id = e.candidate_id AND g.kind IN ('passed','returned') AND"
        " g.id < e.id) WHERE e.kind IN ('passed','returned') AND e.by_id = f.by_id",
    ),
)


def tied_interviewers(world: World, connection: sa.Connection) -> Iterator[str]:
    """An interview sheet by the direct superior."""
    sheets = sa.text("SELECT id, about_id, rater_id FROM competition_sheet WHERE kind = 'interview'")
    for row in connection.execute(sheets):
        if world.is_new("competition_sheet", row.id) and row.rater_id in world.heads_of(row.about_id):
            yield f"interview sheet {row.id} by the direct superior {row.rater_id}"


class Competitions:
    """A competition from its announcement to the end of a trial."""

    name = "competition"
    steps = 110
    rules = RULES
    checks = (tied_interviewers,)

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """In the department with closed months."""
        return Flow(self, chance.choice(world.agents("SQ1")), chance, self.steps)

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Return the acts of the competition's phase, and now and then those of another one."""
        if "id" not in flow.made:
            return [self._announce(world, flow)]
        one = queries.competition(flow.made["id"], world.today)
        acts = list(_BY_PHASE[one.phase](world, flow, one))
        if flow.chance.random() < 0.1:
            acts += flow.chance.choice(list(_BY_PHASE.values()))(world, flow, one)
        flow.over = one.phase is Phase.ENDED and flow.chance.random() < 0.3
        return acts

    def _announce(self, world: World, flow: Flow) -> Act:
        place, today = world.departments["SQ1"], world.today
        new = NewCompetition(
            "客服组长", place, flow.chance.choice((1, 1, 2)), "带一个组。", today, today + timedelta(8)
        )

        def announce(who: int) -> None:
            flow.made["id"] = service.announce(who, world.now, new)

        return Act("announce", announce, world.with_role("hr"))


def _window(world: World, flow: Flow, one: Competition) -> Iterator[Act]:
    words = dict.fromkeys(SAID, "我的话")
    applicants = queries.candidates_of([one.id])
    apply = Act("apply", lambda who: service.apply(who, world.now, one.id, words), world.agents("SQ1"))
    yield from [apply] * (3 if len(applicants) < 3 else 1)
    heads = [*world.heads_of(flow.subject)]
    for each in applicants:
        yield from _examine(world, flow, each, heads)
    passed = [each for each in applicants if each.check is Check.PASSED]
    left = (one.closes_on - world.today).days + 1
    if len(passed) >= 2 and left > 0 and flow.chance.random() < 0.3:
        world.clock.move(timedelta(days=left))
    yield Act(
        "apply", lambda who: service.apply(who, world.now, one.id, words), [*heads, *world.with_role("hr")]
    )


def _examine(world: World, flow: Flow, each: Candidate, heads: list[int]) -> Iterator[Act]:
    agrees, passes = flow.chance.random() < 0.8, flow.chance.random() < 0.85
    if each.check is Check.WAITS_OPINION:
        yield from [
            Act(
                "opinion",
                lambda who: service.give_opinion(who, world.now, each.id, agrees=agrees, text="看过"),
                heads,
            )
        ] * 2
    elif each.check is not Check.WITHDRAWN:
        times = 2 if each.check is Check.WAITS_CHECK else 1
        yield from [
            Act(
                "check",
                lambda who: service.check(who, world.now, each.id, passes=passes, clause="第二条"),
                world.with_role("hr"),
            )
        ] * times
    if flow.chance.random() < 0.06:
        yield Act("withdraw", lambda who: service.withdraw(who, world.now, each.id), [int(each.person)])


def _checking(world: World, flow: Flow, one: Competition) -> Iterator[Act]:
    for each in queries.candidates_of([one.id]):
        if each.check in {Check.WAITS_OPINION, Check.WAITS_CHECK}:
            yield from _examine(world, flow, each, world.heads_of(int(each.person)))
    able = world.with_role("hr_manager", "gm_office", "deputy_gm", "qc_manager", "hr")
    panel = flow.chance.sample(able, flow.chance.choice((3, 3, 4)))
    if flow.chance.random() < 0.3:
        panel[0] = flow.chance.choice([flow.subject, *world.heads_of(flow.subject), *world.everybody()])
    end = Act("end", lambda who: service.end(who, world.now, one.id, "重新安排"), world.with_role("hr"))
    if not queries.passed(one.id) or flow.chance.random() < 0.01:
        yield from [end] * 3
    start = Act("start", lambda who: service.start(who, world.now, one.id, panel), world.with_role("hr"))
    yield from [start] * 3


def _rating(world: World, flow: Flow, one: Competition) -> Iterator[Act]:
    state, chance = queries.progress(one, world.today), flow.chance
    if not state.candidates:
        return
    each = chance.choice(state.candidates)
    sitting = [int(who.person) for who in state.panel if who.recused is None]
    offices = {"ability": world.heads_of(int(each.person)), "manager": world.with_role("service_director")}
    missing = [kind for kind in offices if state.sheet_of(each.id, kind) is None]
    awaited = [who for who in sitting if each in state.awaited_of(who)]
    for kind in missing or ["manager"]:
        yield Act(kind, lambda who, kind=kind: _hand_in(world, flow, each, kind, who), offices[kind])
    if awaited:
        yield from [Act("interview", lambda who: _hand_in(world, flow, each, "interview", who), awaited)] * 2
    due = [int(who) for who in sorted(state.colleagues) if each in state.unanswered_by(who)]
    answers = {
        item.id: chance.choice(("excellent", "good", "poor")) for item in store.chapter().colleagues.items
    }
    if due:
        act = Act("answer", lambda who: service.answer_as_colleague(who, world.now, each.id, answers), due)
        yield from [act] * 4
    hr = world.with_role("hr")
    yield Act("close_ballot", lambda who: service.close_ballot(who, world.now, one.id), hr)
    yield from [Act("calculate", lambda who: service.calculate(who, world.now, one.id), hr)] * (
        1 if state.missing else 4
    )
    if sitting and chance.random() < (0.3 if len(sitting) > 3 else 0.08):  # three are the least that may sit
        out, able = (
            chance.choice(sitting),
            [int(who.id) for who in queries.able_to_take_over(one, state, world.today)],
        )
        new = chance.choice([None, *able, *sitting, *map(int, sorted(state.colleagues))])
        yield Act(
            "recuse", lambda who: service.recuse(who, world.now, one.id, out, "有关系", new), [out, *hr]
        )
        yield Act("withdraw", lambda who: service.withdraw(who, world.now, each.id), [int(each.person)])


def _hand_in(world: World, flow: Flow, each: Candidate, kind: str, who: int) -> None:
    given: dict[str, Any] = points(kind, flow.chance.randrange(10))
    service.hand_in(who, world.now, each.id, kind, given, "看过")


def _calculated(world: World, flow: Flow, one: Competition) -> Iterator[Act]:
    found = queries.find_calculation(one.id)
    if found is None:
        return
    chosen = [each.scored.candidate for each in found.places[: one.seats]]
    if flow.chance.random() < 0.2:
        chosen = [flow.chance.choice(found.places).scored.candidate]
    offices, starts_on = world.with_role("hr_manager", "gm_office", "deputy_gm", "gm"), world.today
    yield Act(
        "propose_choice",
        lambda who: service.propose_choice(who, world.now, one.id, chosen, starts_on, "名次"),
        offices,
    )
    yield from _answer(world, flow, one, offices)


def _answer(world: World, flow: Flow, one: Competition, offices: list[int]) -> Iterator[Act]:
    for act in queries.acts_of(one.id)[-2:]:
        agreed = flow.chance.random() < 0.8
        call = Act(
            "answer_act",
            lambda who, act=act.id, agreed=agreed: service.answer_act(
                who, world.now, act, agreed=agreed, text="同意"
            ),
            [*offices, int(act.proposed_by)],
        )
        yield from [call] * (2 if act.answered_at is None else 1)


def _decided(world: World, flow: Flow, one: Competition) -> Iterator[Act]:
    held = [queries.notice_of(trial.candidate) for trial in queries.trials_of(one.id)]
    over = all(notice is not None and notice.outcome is not None for notice in held)
    if flow.chance.random() < 0.15:
        world.clock.move(timedelta(days=25 if over else 1))
    offices = world.with_role("hr_manager", "gm_office", "deputy_gm", "gm")
    yield from _notices(world, flow, one)
    for trial in queries.trials_of(one.id):
        confirmed = flow.chance.random() < 0.7
        yield Act(
            "propose_trial_end",
            lambda who, each=trial.candidate, confirmed=confirmed: service.propose_trial_end(
                who, world.now, each, confirmed=confirmed, reason="试岗看过"
            ),
            offices,
        )
    yield from _answer(world, flow, one, offices)


def _notices(world: World, flow: Flow, one: Competition) -> Iterator[Act]:
    """Publish, object, look into it, close: mostly in time, sometimes by who must not."""
    clerks, on_trial = world.with_role("hr", "hr_manager"), queries.trials_of(one.id)
    persons = {each.id: int(each.person) for each in queries.candidates_of([one.id])}
    for trial in on_trial:
        concerned = [*clerks, persons[trial.candidate]]
        yield Act(
            "publish_notice",
            lambda who, each=trial.candidate: service.publish_notice(who, world.now, each, "接待稳定。"),
            concerned,
        )
        found = queries.notice_of(trial.candidate)
        if found is None:
            continue
        if flow.chance.random() < 0.7:
            anonymous = flow.chance.random() < 0.5
            yield Act(
                "file_objection",
                lambda who, up=found.id, anonymous=anonymous: service.file_objection(
                    who, world.now, up, "要核实", anonymous=anonymous
                ),
                [*concerned, *sorted(queries.colleagues_of(one.id))],
            )
        finding = "upheld" if flow.chance.random() < 0.2 else "dismissed"
        for each in queries.objections(found.id):
            yield Act(
                "start_investigation",
                lambda who, each=each.id: service.start_investigation(who, world.now, each),
                concerned,
            )
            yield Act(
                "answer_objection",
                lambda who, each=each.id, finding=finding: service.answer_objection(
                    who, world.now, each, finding, "查过"
                ),
                concerned,
            )
        yield Act(
            "close_notice", lambda who, up=found.id: service.close_notice(who, world.now, up), concerned
        )


def _announced(world: World, flow: Flow, one: Competition) -> Iterator[Act]:
    world.clock.move(timedelta(days=1))
    yield from _window(world, flow, one)


def _ended(world: World, flow: Flow, one: Competition) -> Iterator[Act]:
    yield Act("end", lambda who: service.end(who, world.now, one.id, "再次"), world.with_role("hr"))


_BY_PHASE = {
    Phase.ANNOUNCED: _announced,
    Phase.OPEN: _window,
    Phase.CHECKING: _checking,
    Phase.RATING: _rating,
    Phase.CALCULATED: _calculated,
    Phase.DECIDED: _decided,
    Phase.ENDED: _ended,
}

ROAD = Competitions()
