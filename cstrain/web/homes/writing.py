"""What waits for those who write and review questions and papers: drafts to judge, drafts that came back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.exams.papermaking import queries as papermaking
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
