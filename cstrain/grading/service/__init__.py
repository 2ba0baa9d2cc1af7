"""Acts of the grading package, one module a verb."""

from cstrain.grading.service.appeals import decide_appeal, file_appeal
from cstrain.grading.service.changing import confirm_change, propose_change, refuse_change
from cstrain.grading.service.live import begin_live, finish_live, keep_live, reopen_live
from cstrain.grading.service.marking import mark_attempt
from cstrain.grading.service.releasing import confirm_release, propose_release

__all__ = [
    "begin_live",
    "confirm_change",
    "confirm_release",
    "decide_appeal",
    "file_appeal",
    "finish_live",
    "keep_live",
    "mark_attempt",
    "propose_change",
    "propose_release",
    "refuse_change",
    "reopen_live",
]
