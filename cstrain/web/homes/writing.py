"""What waits for those who write and review questions and papers: drafts to judge, drafts that came back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.access import may
from cstrain.exams.papermaking import queries as papermaking
from cstrain.grading.retests import queries as retests
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring import queries as authoring
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("16-writing")
def writing(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return the part of a supervisor while questions or papers wait; trainers have it among their own."""
    tasks = list(writing_tasks(person)) if "supervisor" in roles and "trainer" not in roles else []
    if not tasks:
        return None
    return Part(
        lead=gettext("新题和新试卷要由另一个人看过，通过了才会用。"),
        title=gettext("要审核的题和试卷"),
        tasks=with_next(tasks),
        empty="",
    )


def writing_tasks(person: PersonId) -> Iterable[Task]:
    """Yield what waits for somebody who may review questions and approve papers."""
    waiting = authoring.to_review(person)
    if waiting:
        what = gettext("%(n)s道新写的题等审核", n=waiting)
        yield Task("is-later", what, (), url_for("authoring.queue"), gettext("去审核"))
    returned = authoring.returned_to(person)
    if returned:
        what = gettext("%(n)s道题退回给你修改", n=returned)
        yield Task("is-later", what, (), url_for("authoring.queue", tab="returned"), gettext("去修改"))
    papers = papermaking.to_approve(person)
    if papers:
        what = gettext("%(n)s份新编的试卷等批准", n=papers)
        yield Task("is-later", what, (), url_for("papermaking.drafts"), gettext("去看看"))
    sent_back = papermaking.returned_to(person)
    if sent_back:
        what = gettext("%(n)s份试卷退回给你修改", n=sent_back)
        yield Task("is-later", what, (), url_for("papermaking.drafts"), gettext("去修改"))


def retest_tasks(person: PersonId, now: datetime) -> Iterable[Task]:
    """Yield the changes of lessons after which passes wait for a sitting, for who may arrange one."""
    if not may(person, "sitting.arrange") or not may(person, "rule_change.view"):
        return
    for change, passes in retests.waiting(now):
        what = gettext("《%(lesson)s》改过，%(n)s份通过的成绩要重考", lesson=change.title, n=passes)
        url = url_for("retests.show", ref=change.ref, number=change.number)
        yield Task("is-later", what, (), url, gettext("去安排"))
