"""Sources hear of questions that came in: each is held against its lesson as it is then."""

from __future__ import annotations

from cstrain.questions.events import QuestionsCameIn, questions_came_in
from cstrain.questions.sources.service import note_came_in


@questions_came_in.connect
def note(event: QuestionsCameIn) -> None:
    """Keep which version of their lessons they came in with."""
    note_came_in(event.version_ids, event.at)
