"""Acts of the question library: many questions at once, undoing that, saved searches."""

from cstrain.questions.library.service.bulk import act_on, look_at
from cstrain.questions.library.service.undoing import undo
from cstrain.questions.library.service.views import keep_view, remove_view, share_view

__all__ = ["act_on", "keep_view", "look_at", "remove_view", "share_view", "undo"]
