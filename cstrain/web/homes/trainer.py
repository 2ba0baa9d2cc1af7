"""The home of trainers: banks, questions that people get wrong, results to release, appeals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.grading import queries as grading
from cstrain.grading.analysis import queries as analysis
from cstrain.grading.analysis.facts import DOUBTFUL
from cstrain.grading.rekeying import queries as rekeying
from cstrain.kernel.ids import PersonId
from cstrain.questions import queries as questions
from cstrain.questions.reports import queries as reports
from cstrain.questions.slots import paper_desk
from cstrain.questions.sources import queries as sources
from cstrain.web.homes.hr import exemption_tasks
from cstrain.web.homes.part import PARTS, Part, Task, with_next
from cstrain.web.homes.writing import retest_tasks, writing_tasks

_LEAST_FORMS = 3


@PARTS.register("15-trainer")
def trainer(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return the part of a trainer; ``None`` for everybody else."""
    if "trainer" not in roles:
        return None
    tasks = [
        *_results(person, now),
        *exemption_tasks(person, now),
        *_said_wrong(person),
        *writing_tasks(person),
        *_changed_sources(),
        *retest_tasks(person, now),
        *_questions(),
        *_papers(now),
    ]
    return Part(
        quiet=gettext("题库和试卷都正常"),
        lead=gettext("先处理成绩和申诉，再看答错多的题。"),
        title=gettext("要处理的事"),
        tasks=with_next(tasks),
        empty=gettext("有成绩要发布、有申诉、或题库不够抽卷时，会出现在这里。"),
        template="web/_banks.html",
        values={"banks": questions.banks()},
    )


def _results(person: PersonId, now: datetime) -> Iterable[Task]:
    waiting = grading.releases_for(person, now)
    if waiting:
        what = gettext("%(n)s份成绩等发布", n=len(waiting))
        meta = (gettext("两人发布：一人提出，另一人确认"),)
        yield Task("is-later", what, meta, url_for("grading.desk"), gettext("去发布"))
    appeals = grading.appeals_for(person)
    if appeals:
        what = gettext("%(n)s个成绩申诉等答复", n=len(appeals))
        yield Task("is-later", what, (), url_for("grading.desk"), gettext("去答复"))
    corrections = rekeying.proposals_for(person)
    if corrections:
        what = gettext("%(n)s个答案更正等第二个人确认", n=len(corrections))
        yield Task("is-later", what, (), url_for("rekeying.index"), gettext("去确认"))


def _said_wrong(person: PersonId) -> Iterable[Task]:
    """Name the questions that candidates say are wrong."""
    waiting = reports.waiting_count(person)
    if waiting:
        what = gettext("%(n)s道题有纠错等答复", n=waiting)
        yield Task("is-later", what, (), url_for("reports.index"), gettext("去答复"))


def _changed_sources() -> Iterable[Task]:
    """Name the questions whose section of a lesson reads otherwise than when they were held against it."""
    flagged = sources.flagged_count()
    if flagged:
        what = gettext("课文改过，%(n)s道题要复核", n=flagged)
        yield Task("is-later", what, (), url_for("sources.index"), gettext("去复核"))


def _questions() -> Iterable[Task]:
    """Name the questions whose answers say that the key, or the question, should be looked at."""
    flags = analysis.flagged().values()
    doubtful = sum(not DOUBTFUL.isdisjoint(each) for each in flags)
    url = url_for("questions.weak")
    if doubtful:
        what = gettext("%(n)s道题的答案要查", n=doubtful)
        meta = (gettext("总分高的人反而答错，或多选了别的选项"),)
        yield Task("is-later", what, meta, url, gettext("看弱题"))
    if len(flags) > doubtful:
        what = gettext("%(n)s道题太难、太容易或分不出高低", n=len(flags) - doubtful)
        yield Task("is-later", what, (), url, gettext("看弱题"))


def _papers(now: datetime) -> Iterable[Task]:
    """Warn of disjoint papers whose bank cannot give somebody new three forms any more."""
    desk = paper_desk.filling
    for paper in desk.lines(now) if desk else ():
        if paper.disjoint and paper.forms < _LEAST_FORMS:
            what = gettext("《%(paper)s》只剩%(n)s套不重复的卷", paper=paper.title, n=paper.forms)
            url = url_for("questions.paper", ref=paper.ref)
            yield Task("is-later", what, (gettext("请补题"),), url, gettext("看试卷"))
