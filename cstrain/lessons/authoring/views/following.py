"""Who has read which lesson: counts over all pages, and the people of one page."""

from __future__ import annotations

from flask import render_template, request

from cstrain.access import actor, requires
from cstrain.extensions import local_date, now
from cstrain.lessons import queries as lessons
from cstrain.lessons.authoring.facts import Counts, Progress, Reading
from cstrain.lessons.authoring.progress import counts, progress
from cstrain.lessons.authoring.views.blueprint import blueprint, paged
from cstrain.lessons.events import readers
from cstrain.lessons.facts import LessonFacts, Reader
from cstrain.lessons.views import HANDBOOK_TITLES
from cstrain.ui.forms import whole


def _readers() -> list[Reader]:
    """Return the people whose reading the signed-in person may follow."""
    port = readers.filling
    return port(actor(), "lesson.progress", local_date(now())) if port is not None else []


def _pages() -> list[LessonFacts]:
    books = (page for book in lessons.handbooks() for page in book.pages)
    return [*lessons.daily_lessons(), *books]


@blueprint.get("/lessons/progress")
@requires("lesson.progress")
def following() -> str:
    """Show how many have read each page, or, of one page, who has: by department, and by how far."""
    every, pages = _readers(), _pages()
    departments = {each.department_id: each.department_name for each in every}
    department = request.args.get("department", 0, whole)
    people = [each for each in every if department in {0, each.department_id}]
    ref = request.args.get("lesson", "")
    chosen = next((each for each in pages if each.ref == ref), None)
    shared = {
        "pages": pages,
        "departments": sorted(departments.items(), key=lambda pair: pair[1]),
        "department": department,
        "people": len(people),
        "chosen": chosen,
        "titles": HANDBOOK_TITLES,
        "readings": list(Reading),
    }
    if chosen is None:
        return _over_pages(pages, people, shared)
    return _over_people(chosen, people, shared)


def _over_pages(pages: list[LessonFacts], people: list[Reader], shared: dict[str, object]) -> str:
    found = counts([each.id for each in people])
    lines, pager = paged(
        [(page, found.get(page.ref, Counts())) for page in pages], "lesson_writing.following", "department"
    )
    return render_template("lessons/following.html", lines=lines, pager=pager, **shared)


def _over_people(chosen: LessonFacts, people: list[Reader], shared: dict[str, object]) -> str:
    found = progress(chosen.ref, people)
    wanted = request.args.get("reading", "")
    kept: list[Progress] = [each for each in found if wanted in {"", str(each.reading)}]
    lines, pager = paged(kept, "lesson_writing.following", "lesson", "department", "reading")
    numbers = {str(reading): sum(each.reading is reading for each in found) for reading in Reading}
    return render_template(
        "lessons/followed.html", lines=lines, pager=pager, numbers=numbers, wanted=wanted, **shared
    )
