"""What stands at the top and the side of a trainee's pages: heading, scores, next exam."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cstrain.exams.facts import SittingFacts
from cstrain.grading.facts import ScoreFacts
from cstrain.onboarding.facts import DayFacts, TaskFacts, Timeline
from cstrain.onboarding.presenting.words import _
from cstrain.ui.filters import day as day_words


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A score against the pass line."""

    name: str
    score: str | None
    value: Decimal | None
    passed: bool | None


def score_rows(line: Timeline) -> list[ScoreRow]:
    """Return the scores of exams (the last of each paper), then the mean of the last five quizzes."""
    latest: dict[str, ScoreFacts] = {}
    quizzes: dict[str, list[Decimal]] = {}
    for score in line.scores:
        if score.attempt.state not in ("submitted", "expired"):
            continue
        if score.attempt.kind == "quiz":
            if score.shown is not None:
                quizzes.setdefault(score.attempt.paper.ref, []).append(score.shown)
        else:
            latest[score.attempt.paper.ref] = score
    rows = [_score_row(score) for score in latest.values()]
    best = [max(marks) for marks in quizzes.values()][-5:]
    if best:
        mean = (sum(best, Decimal(0)) / len(best)).quantize(Decimal("0.1"))
        name = _("近%(n)s次小测均分", n=len(best))
        rows.append(ScoreRow(name, str(mean), mean, mean >= 80))
    return rows


def _score_row(score: ScoreFacts) -> ScoreRow:
    shown = str(score.shown) if score.shown is not None else None
    return ScoreRow(score.attempt.paper.title, shown, score.raw, score.passed)


def next_exam(sittings: list[SittingFacts], line: Timeline, now: datetime) -> SittingFacts | None:
    """Return the next sitting that is open or to come and has not been sat."""
    sat = {score.attempt.sitting_id for score in line.scores if score.attempt.state != "open"}
    coming = [one for one in sittings if one.kind != "quiz" and one.closes_at > now and one.id not in sat]
    return min(coming, key=lambda one: one.opens_at, default=None)


def own_left(line: Timeline) -> list[TaskFacts]:
    """Return what a trainee still has to do of their day; nothing while the programme is not open."""
    day = line.current
    if day is None or line.enrolment.state != "active":
        return []
    return [task for task in day.missing() if task.by == "trainee"]


def heading(line: Timeline, day: DayFacts | None) -> str:
    """Return the title of a trainee's page: what to do now."""
    state = line.enrolment.state
    if state == "paused":
        return _("培训已暂停")
    if not line.enrolment.is_open:
        return _("培训已结束，完成%(n)s天", n=sum(1 for one in line.days if one.done))
    if day is None:
        return _("培训从%(day)s开始", day=day_words(line.days[0].on_day))
    left = len(own_left(line))
    if day.on_day == line.today:
        if left:
            return _("今天是第%(number)s天，还有%(n)s项要做", number=day.number, n=left)
        return _("今天是第%(number)s天，你的各项都做完了", number=day.number)
    if left:
        return _("第%(number)s天还有%(n)s项要补做", number=day.number, n=left)
    coming = next((one for one in line.days if one.on_day > line.today), None)
    if coming is None:
        return _("%(n)s天都过完了", n=len(line.days))
    return _("今天不培训，第%(number)s天是%(day)s", number=coming.number, day=day_words(coming.on_day))
