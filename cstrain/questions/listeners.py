"""Questions hear that a lesson changed: those whose source is gone are named for the trainers."""

from __future__ import annotations

from cstrain.audit.service import record
from cstrain.lessons.events import LessonChanged, lesson_changed
from cstrain.questions.queries import refs_by_source


@lesson_changed.connect
def name_lost_sources(event: LessonChanged) -> None:
    """Record which active questions name a heading that the page has no more."""
    lost = [
        ref
        for source, refs in refs_by_source(event.ref).items()
        if source.partition("#")[2] not in event.headings
        for ref in refs
    ]
    if lost:
        record(None, "question.source_lost", f"lesson:{event.ref}", questions=sorted(lost))
