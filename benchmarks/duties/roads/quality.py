"""Quality samples: chats, draws, ratings, publication, contests, the month's sheets."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from benchmarks.duties.road import Act, Flow, Rule
from benchmarks.duties.world import World
from cstrain.performance.quality import queries, service
from cstrain.performance.quality.facts import Side
from tests.factories.quality import chat_lines, points

RULES = (
    Rule(
        "rated by its own agent",
        "SELECT r.id FROM quality_rating r JOIN sample_chat s ON s.id = r.sample_id JOIN chat_record c"
        " ON c.id = s.chat_id WHERE r.rater_id = c.agent_id OR r.agent_id <> c.agent_id",
    ),
    Rule("entered by its own agent", "SELECT id FROM chat_record WHERE entered_by = agent_id"),
    Rule("drawn by its own agent", "SELECT id FROM sample_day WHERE drawn_by = person_id"),
    Rule(
        "a week published by somebody with drawn chats in it",
        "SELECT w.id FROM quality_week w JOIN sample_day d ON d.week = w.week"
        " AND d.person_id = w.published_by",
    ),
    Rule(
        "a month compiled by somebody with a sheet in it",
        "SELECT m.id FROM quality_month m JOIN quality_sheet s ON s.month_id = m.id"
        " WHERE s.person_id = m.closed_by",
    ),
    Rule(
        "a contest decided by the agent, or by anybody who had rated that chat before",
        "SELECT p.id FROM quality_reply p JOIN quality_rating r ON r.id = p.rating_id WHERE p.decided_by ="
        " p.agent_id OR EXISTS (SELECT 1 FROM quality_rating o WHERE o.sample_id = r.sample_id AND"
        " o.rater_id = p.decided_by AND o.finished_at < p.decided_at)",
    ),
    Rule(
        "finished after the publication without a contest",
        "SELECT r.id FROM quality_rating r JOIN sample_chat s ON s.id = r.sample_id JOIN sample_day d ON"
        " d.id = s.day_id JOIN quality_week w ON w.week = d.week WHERE r.finished_at > w.published_at AND"
        " NOT EXISTS (SELECT 1 FROM quality_reply p WHERE p.new_rating_id = r.id AND p.upheld)",
    ),
    Rule(
        "a reply to a rating that is not published",
        "SELECT p.id FROM quality_reply p JOIN quality_rating r ON r.id = p.rating_id JOIN sample_chat s ON"
        " s.id = r.sample_id JOIN sample_day d ON d.id = s.day_id WHERE NOT EXISTS (SELECT 1 FROM"
        " quality_week w WHERE w.week = d.week AND w.published_at <= p.said_at)",
    ),
    Rule(
        "more than five drawn of a day",
        "SELECT day_id FROM sample_chat GROUP BY day_id HAVING count(*) > 5",
    ),
)


def replies_by_others(_world: World, connection: sa.Connection) -> Iterator[str]:
    """A reply written by somebody else than the agent."""
    found = sa.text(
        "SELECT p.id FROM quality_reply p JOIN audit_entry a ON a.subject = 'quality-rating:' || p.rating_id"
        " AND a.action = 'quality.' || p.kind WHERE a.actor_id <> p.agent_id"
    )
    for row in connection.execute(found):
        yield f"reply {row.id} by somebody else"


class Quality:
    """Chats of somebody's day in the last week, up to a contest."""

    name = "quality"
    steps = 18
    rules = RULES
    checks = (replies_by_others,)

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """Somebody's day of the latest week that is over and not published."""
        week = _last_week(world.today)
        if queries.week_row(week) is not None:
            world.clock.move(timedelta(days=7))
            week = _last_week(world.today)
        person = chance.choice([*world.agents(), *world.with_role("qc", "qc_manager")])
        made = {"week": week, "day": week + timedelta(days=chance.randrange(5))}
        return Flow(self, person, chance, self.steps, made)

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Return what may be done with the day, the week, the ratings."""
        qc, heads = world.with_role("qc", "qc_manager"), world.with_role("qc_manager")
        person, day, week = flow.subject, flow.made["day"], flow.made["week"]
        new = service.NewChat(
            person,
            "旺旺",
            f"C{flow.chance.randrange(10**12)}",
            "小河",
            False,
            chat_lines(day, flow.steps % 9 + 9),
        )
        seed, month = f"s{flow.chance.randrange(10**6)}", day.replace(day=1)
        chats = [
            Act("chat", lambda who: service.enter_chat(who, world.now, new), qc),
            Act("draw", lambda who: service.draw(who, world.now, person, day, seed), qc),
        ]
        later = [
            Act("publish", lambda who: service.publish(who, world.now, week, gaps_seen=True), heads),
            Act("close_month", lambda who: service.close_month(who, world.now, month), heads),
        ]
        if flow.steps < 4:
            return chats
        if flow.chance.random() < 0.05:
            world.clock.move(timedelta(days=21))
        return [*chats, *self._rate(world, flow) * 3, *self._reply(world, flow) * 2, *later]

    def _rate(self, world: World, flow: Flow) -> list[Act]:
        week = flow.made["week"]
        side = Side.VIP if world.places[flow.subject] == "VIP" else Side.BASIC
        qc = world.with_role("qc", "qc_manager", *(["vip_manager"] if side is Side.VIP else []))
        acts = [Act("take", lambda who: note_rating(flow, who, service.take(who, world.now, week, side)), qc)]
        if "rating" not in flow.made:
            return acts
        rating, rater, given = flow.made["rating"], flow.made["rater"], points_of(flow)
        acts += [
            Act("keep", lambda who: service.keep(who, world.now, rating, given, ""), [rater]),
            Act("finish", lambda who: service.finish(who, world.now, rating, given, "完整"), [rater]),
            Act("finish", lambda who: service.finish(who, world.now, rating, given, "完整"), [rater]),
            Act(
                "revise", lambda who: note_rating(flow, who, service.revise(who, world.now, rating)), [rater]
            ),
            Act("give_back", lambda who: service.give_back(who, world.now, rating, "known"), [rater]),
        ]
        return acts

    def _reply(self, world: World, flow: Flow) -> list[Act]:
        lines, _n = queries.published_lines(flow.subject)
        if not lines:
            return []
        rating, given = flow.chance.choice(lines).rating_id, points_of(flow)
        kind, upheld = flow.chance.choice(("answer", "contest", "contest")), flow.chance.random() < 0.5

        def reply(who: int) -> None:
            flow.made["reply"] = service.reply(who, world.now, rating, kind, "当时系统卡住")

        acts = [Act("reply", reply, [flow.subject])]
        if "reply" in flow.made:
            one = flow.made["reply"]
            acts.append(
                Act(
                    "decide",
                    lambda who: service.decide(
                        who, world.now, one, upheld=upheld, decision="听过", points=given
                    ),
                    world.with_role("qc_manager", "hr_manager", "service_director"),
                )
            )
        return acts


def _last_week(today: date) -> date:
    return today - timedelta(days=today.weekday() + 7)


def note_rating(flow: Flow, who: int, rating: int | None) -> None:
    """Keep which sheet somebody has taken, if any."""
    if rating is not None:
        flow.made["rating"], flow.made["rater"] = rating, who


def _revise(world: World, flow: Flow, who: int, rating: int) -> None:
    note_rating(flow, who, service.revise(who, world.now, rating))


def points_of(flow: Flow) -> dict[str, Decimal | None]:
    """Return points for a whole sheet."""
    return dict(points(flow.chance.choice(("1", "0.5", "0.75"))))


ROAD = Quality()
