"""Starting a quarter's rating, and what superiors write beside a result."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import ConflictError, ForbiddenError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.promotion.rating import queries, rules, store
from cstrain.promotion.rating.facts import Outcome, Quarter, Run, Why
from cstrain.promotion.rating.models import RatingComment, RatingLine, RatingRun
from cstrain.promotion.rating.queries import Judged
from cstrain.promotion.rating.service.common import (
    columns,
    contest_until,
    demand_permission,
    needed,
    seal_base,
    seal_line,
    tell,
)
from cstrain.unit_of_work import flush_unique

_TWICE = "没有运行：这个季度已经运行过。以后更正的数据，请为本人重新提出。"


def start(actor: PersonId, now: datetime, ladder_ref: str, quarter: Quarter) -> int:
    """Rate a quarter of a ladder for everybody who was in one of its departments; return the run's id.

    Once for each quarter and ladder; refused while a department has not closed the quarter's last month, and
    for who would be rated themself. Everybody hears their result and until when they may contest it.
    """
    demand_permission(actor, "rating.run")
    today, chapter = local_date(now), store.chapter()
    ladder = queries.check_may_run(ladder_ref, quarter, today, chapter.quarters_back)
    if queries.find_run(ladder_ref, quarter) is not None:
        raise ConflictError(_TWICE)
    before = [one.quarter for one in queries.runs() if one.ladder_ref == ladder_ref]
    if not rules.still_open(quarter, before):
        raise ConflictError("没有运行：更晚的季度已经评过，不能再评以前的季度。")
    if any(actor in ids for ids in queries.departments_of(ladder_ref, quarter).values()):
        raise ForbiddenError("你自己也在这次评级里，不能运行。请由别的部门的人来办。")
    row = RatingRun(
        ladder_ref=ladder_ref,
        edition=ladder.edition,
        rules=chapter.edition,
        quarter=quarter.first,
        started_by=actor,
        started_at=now,
    )
    session().add(row)
    flush_unique(_TWICE)
    counted: Counter[str] = Counter()
    for judged in queries.judge(ladder, quarter, today):
        counted += _keep(row, ladder, judged, now)
    named = {"ladder": ladder.ref, "quarter": quarter.code}
    record(actor, "rating.start", store.subject_of(row.id), **named, **counted)
    _tell_everybody(queries.run(row.id), now)
    return row.id


def _keep(row: RatingRun, ladder: Ladder, judged: Judged, now: datetime) -> Counter[str]:
    """Write the lines of a department, each sealed with what it was compared with."""
    if not judged.people:
        return Counter()
    chapter, quarter, today = store.chapter(), Quarter(row.quarter), local_date(now)
    base = seal_base(row.id, judged.department, judged.comparison)
    until = contest_until(judged.people[0].person.id, now, chapter)
    for one in judged.people:
        text, sha256 = seal_line(one, ladder, quarter, base, chapter, today)
        session().add(
            RatingLine(
                run_id=row.id,
                person_id=one.person.id,
                number=1,
                department_id=judged.department,
                **columns(one.rated),
                origin="run",
                reason="",
                ran_by=row.started_by,
                made_at=now,
                contest_until=until,
                base_id=base.id,
                content=text,
                sha256=sha256,
            )
        )
    session().flush()
    return Counter(str(one.rated.outcome) for one in judged.people)


_TOLD = "你的%(year)s年第%(n)s季度评级已提出，请查看；不同意可以在%(until)s以前申诉。"
_LISTED = "%(year)s年第%(n)s季度评级已提出，涉及你的下属，请查看并写评语。"


def _tell_everybody(run: Run, now: datetime) -> None:
    """Tell each person who was tested, and the head of each department."""
    heads: dict[DepartmentId, list[PersonId]] = {}
    for one in queries.lines(run.id):
        if one.department not in heads:
            heads[one.department] = people.direct_superiors_of(one.person, local_date(now))
        if one.why not in {Why.PROBATION, Why.UNPLACED}:
            url = f"/ratings/lines/{one.id}"
            tell([one.person], _TOLD, run.quarter, url, now, until=one.contest_until)
    above = {each for them in heads.values() for each in them}
    tell(above, _LISTED, run.quarter, f"/ratings/{run.id}", now)


def comment(actor: PersonId, now: datetime, line_id: int, text: str) -> None:
    """Write beside somebody's result, as a superior or as HR; nothing is written over.

    The same words sent again (a button pressed twice) are kept once.
    """
    line = queries.line(line_id)
    demand_permission(actor, "rating.comment", line.person)
    if actor == line.person:
        raise ForbiddenError("不能给自己的评级写评语。")
    if line.outcome is not Outcome.OUTSIDE and actor in queries.judged_in(line.run):
        raise ForbiddenError("你答复过这次评级的申诉，不能再写评语。")
    store.lock_run(line.run)
    said = needed(text)
    mine = (one.text for one in queries.comments(line.run) if (one.person, one.by) == (line.person, actor))
    if said in mine:
        return
    session().add(RatingComment(run_id=line.run, person_id=line.person, by_id=actor, text=said, at=now))
    session().flush()
    record(actor, "rating.comment", f"rating_line:{line.id}")
