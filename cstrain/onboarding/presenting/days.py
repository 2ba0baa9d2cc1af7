"""Timelines in words: the strip, the day's checklist, scores. For pages of this package and homes above."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask import url_for
from flask_babel import get_locale

from cstrain.exams.facts import SittingFacts
from cstrain.onboarding.facts import DayFacts, DayState, TaskFacts, TaskKind, Timeline
from cstrain.onboarding.policy import ACTIVITY_WORDS
from cstrain.onboarding.presenting.words import _
from cstrain.ui.filters import clock_time, moment, period
from cstrain.ui.filters import day as day_words

UrlOf = Callable[[DayFacts], str | None]

STATES = {
    DayState.DONE: "已签核",
    DayState.LATE: "补签",
    DayState.WAIT: "待签核",
    DayState.TODAY: "今天",
    DayState.EXAM: "考试日，未开放",
    DayState.LOCKED: "未开放",
    DayState.SKIPPED: "不用完成",
}


@dataclass(frozen=True, slots=True)
class StripDay:
    """A day on the strip."""

    number: int
    date: date
    state: str
    exam: bool
    url: str | None
    says: str


@dataclass(frozen=True, slots=True)
class StripWeek:
    """A calendar week on the strip, named by its first day."""

    label: str
    days: tuple[StripDay, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a checklist; ``state`` is is-done, is-next or is-later."""

    state: str
    what: str
    meta: tuple[str, ...]
    action_url: str = ""
    action_label: str = ""
    method: str = "get"
    glyph: str | None = None


def short_date(day: date) -> str:
    """Say a day without its weekday: ``11月2日``."""
    parts = day_words(day).split(" ")
    locale = get_locale()
    return " ".join(parts[1:]) if locale is not None and locale.language == "en" else parts[0]


def state_words(day: DayFacts) -> str:
    """Say how a day stands; a past day that is signed but lacks something says so."""
    if day.state is DayState.WAIT and day.sign is not None:
        return _("已签核，还缺%(n)s项", n=len(day.missing()))
    if day.state is DayState.WAIT and day.confirmed_at is None:
        return _("还没确认")
    return _(STATES[day.state])


def strip_weeks(line: Timeline, url_of: UrlOf) -> list[StripWeek]:
    """Return the days of a timeline in calendar weeks."""
    weeks = groupby(line.days, key=lambda day: day.on_day.isocalendar()[:2])
    return [_week([_strip_day(day, url_of) for day in days]) for _year_week, days in weeks]


def _week(days: list[StripDay]) -> StripWeek:
    return StripWeek(short_date(days[0].date), tuple(days))


def _strip_day(day: DayFacts, url_of: UrlOf) -> StripDay:
    says = _(
        "第%(number)s天，%(day)s，%(state)s",
        number=day.number,
        day=day_words(day.on_day),
        state=state_words(day),
    )
    return StripDay(day.number, day.on_day, str(day.state), day.is_exam, url_of(day), says)


def tick_days(line: Timeline) -> list[StripDay]:
    """Return the days for the strip in the width of a table cell."""
    return [StripDay(day.number, day.on_day, str(day.state), day.is_exam, None, "") for day in line.days]


def own_day_url(line: Timeline) -> UrlOf:
    """Return where a trainee's own days lead: those that have begun, and exam days."""

    def url_of(day: DayFacts) -> str | None:
        if day.on_day > line.today and not day.is_exam:
            return None
        return url_for("onboarding.day", number=day.number)

    return url_of


def staff_day_url(line: Timeline) -> UrlOf:
    """Return where the days lead for everybody else."""
    return lambda day: url_for("onboarding.enrolment_day", enrolment_id=line.enrolment.id, number=day.number)


def checklist(
    line: Timeline, day: DayFacts, sittings: Mapping[str, SittingFacts], now: datetime, signer: str
) -> list[Item]:
    """Return a trainee's checklist of a day; the first thing they can do now is next. ``signer``: a name."""
    is_open = day.on_day <= line.today and line.enrolment.state == "active"
    items: list[Item] = []
    found_next = not is_open
    for task in day.tasks:
        item = _item(line, day, task, sittings.get(task.ref), now, signer, is_open)
        if not found_next and not task.done and item.action_url:
            found_next = True
            item = Item("is-next", item.what, item.meta, item.action_url, item.action_label, item.method)
        items.append(item)
    return items


def _item(
    line: Timeline,
    day: DayFacts,
    task: TaskFacts,
    sitting: SittingFacts | None,
    now: datetime,
    signer: str,
    is_open: bool,
) -> Item:
    state = "is-done" if task.done else "is-later"
    what = _what(task, day)
    if task.kind is TaskKind.EXAM:
        meta, url, label = _exam_action(line, day, task, sitting, now)
        return Item(state, what, meta, url, label)
    meta = _meta(line, day, task, signer)
    if not is_open:
        return Item(state, what, meta)
    url, label, method = _action(day, task)
    return Item(state, what, meta, url, label, method)


def _what(task: TaskFacts, day: DayFacts) -> str:
    if task.kind is TaskKind.LESSON:
        return _("课程：%(title)s", title=task.title)
    if task.kind is TaskKind.ACTIVITY:
        activity = next(each for each in day.spec.activities if each.id == task.ref)
        kind = _(ACTIVITY_WORDS[activity.kind])
        # the kind is not said twice (讲座：讲座……)
        return task.title if task.title.startswith(ACTIVITY_WORDS[activity.kind]) else f"{kind}：{task.title}"
    if task.kind in (TaskKind.CONFIRM, TaskKind.SIGN, TaskKind.SEE):
        return _(task.title)
    return task.title


def _meta(line: Timeline, day: DayFacts, task: TaskFacts, signer: str) -> tuple[str, ...]:
    if task.kind is TaskKind.LESSON:
        return (_("已读完"),) if task.done else (_("读完后在页末确认"),)
    if task.kind is TaskKind.ACTIVITY:
        who = _("你做完后登记") if task.by == "trainee" else _("由导师登记")
        optional = () if task.required else (_("选做"),)
        return (_("已登记") if task.done else who, *optional)
    if task.kind is TaskKind.QUIZ:
        return _quiz_meta(line, day)
    if task.kind is TaskKind.SHEET:
        return (sheet_says(line, day, task.ref) if task.done else _("由导师或考官登记成绩单"),)
    return _sign_meta(day, task, signer)


def _sign_meta(day: DayFacts, task: TaskFacts, signer: str) -> tuple[str, ...]:
    if task.kind is TaskKind.CONFIRM:
        if day.confirmed_at is not None:
            return (_("%(at)s已确认", at=moment(day.confirmed_at)),)
        return (_("做完上面自己的各项后确认"),)
    if task.kind is TaskKind.SEE:
        return (_("导师看过后这一天才算完成"),)
    if day.sign is None:
        return (_("确认后自动提醒%(name)s，你不用操作", name=signer),)
    words = [_("工作状态%(n)s分", n=day.sign.work_state)]
    if day.sign.late:
        words.append(_("补签"))
    return tuple(words)


def _quiz_meta(line: Timeline, day: DayFacts) -> tuple[str, ...]:
    marks = [
        score.shown
        for score in line.scores_of(day.number)
        if score.attempt.paper.ref == day.spec.quiz and score.shown is not None
    ]
    if not marks:
        return (_("不决定去留，可以重做"),)
    return (_("最好%(best)s分", best=max(marks)), _("首次%(first)s分", first=marks[0]))


def sheet_says(line: Timeline, day: DayFacts, kind: str) -> str:
    """Say the result of a score sheet of a day: its total, or its measured numbers."""
    sheet = next((one for one in line.sheets if one.day_number == day.number and one.kind == kind), None)
    if sheet is None:
        return _("还没有成绩单")
    if sheet.total is not None:
        return _("%(mark)s分", mark=f"{sheet.total:.1f}")
    if kind == "typing":
        return _(
            "%(speed)s字/分，准确率%(accuracy)s%%",
            speed=f"{sheet.marks['speed'].normalize():f}",
            accuracy=f"{sheet.marks['accuracy'].normalize():f}",
        )
    return _("已登记")


def _action(day: DayFacts, task: TaskFacts) -> tuple[str, str, str]:
    """Return address, words and method of what the trainee can do about a task now."""
    number = day.number
    if task.kind is TaskKind.QUIZ:
        label = _("再做一次") if task.done else _("开始小测")
        return url_for("onboarding.start_quiz", number=number), label, "post"
    if task.done:
        return "", "", "get"
    if task.kind is TaskKind.LESSON:
        return url_for("lessons.lesson", ref=task.ref), _("去读"), "get"
    if task.kind is TaskKind.ACTIVITY and task.by == "trainee":
        url = url_for("onboarding.tick_activity", number=number, activity=task.ref)
        return url, _("登记完成"), "post"
    if task.kind is TaskKind.CONFIRM:
        own = [each for each in day.missing() if each.by == "trainee"]
        if all(each.kind is TaskKind.CONFIRM for each in own):
            return url_for("onboarding.confirm_day", number=number), _("确认完成"), "post"
    return "", "", "get"


def _exam_action(
    line: Timeline, day: DayFacts, task: TaskFacts, sitting: SittingFacts | None, now: datetime
) -> tuple[tuple[str, ...], str, str]:
    if task.done:
        return (exam_says(line, day, task.ref),), "", ""
    if sitting is None:
        return (_("还没有安排场次"),), "", ""
    url = url_for("exams.sitting", sitting_id=sitting.id)
    facts = [period(sitting.opens_at, sitting.closes_at, line.today)]
    if sitting.place:
        facts.append(sitting.place)
    if now < sitting.opens_at:
        return tuple(facts), url, _("看说明")
    if now < sitting.closes_at:
        facts[0] = _("%(at)s前可以开始", at=clock_time(sitting.closes_at, seconds=False))
        return tuple(facts), url, _("进入考试")
    return (_("已错过，请联系人力资源部重新安排"),), "", ""


def exam_says(line: Timeline, day: DayFacts, ref: str) -> str:
    """Say the result of an exam paper of a day."""
    taken = [score for score in line.scores_of(day.number) if score.attempt.paper.ref == ref]
    last = taken[-1] if taken else None
    if last is None:
        return _("还没有考")
    if last.shown is None:
        return _("已交卷，等成绩")
    word = _("过线") if last.passed else _("未过线")
    return _("%(mark)s分，%(word)s", mark=last.shown, word=word)
