"""Pages of writing questions: the editor, drafts and their review, banks with their topics."""

from cstrain.questions.authoring.views import banks, drafts, editing, questions, reviewing
from cstrain.questions.authoring.views.base import blueprint

__all__ = ["banks", "blueprints", "drafts", "editing", "questions", "reviewing"]
blueprints = [blueprint]
