"""Acts of invigilation, one module a verb."""

from cstrain.exams.invigilation.service.beating import beat, somebody_sits
from cstrain.exams.invigilation.service.crediting import (
    credit,
    credit_all,
    decide_all_credit,
    decide_credit,
)
from cstrain.exams.invigilation.service.noting import hear, note_incident
from cstrain.exams.invigilation.service.pausing import (
    end_pause,
    hold,
    pause,
    pause_all,
    release_holds,
    resume,
    resume_all,
    second_pause,
)

__all__ = [
    "beat",
    "credit",
    "credit_all",
    "decide_all_credit",
    "decide_credit",
    "end_pause",
    "hear",
    "hold",
    "note_incident",
    "pause",
    "pause_all",
    "release_holds",
    "resume",
    "resume_all",
    "second_pause",
    "somebody_sits",
]
