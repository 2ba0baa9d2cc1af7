"""Acts on imports: uploading, naming columns, confirming, cancelling, accepting all, exporting."""

from cstrain.questions.intake.service.accepting import accept_all
from cstrain.questions.intake.service.exporting import export, note_export
from cstrain.questions.intake.service.steps import Clock, work_on, work_through
from cstrain.questions.intake.service.uploading import (
    Choice,
    cancel,
    cancel_old,
    confirm,
    name_columns,
    rename_columns,
    upload,
)
from cstrain.questions.intake.service.working import Work

__all__ = [
    "Choice",
    "Clock",
    "Work",
    "accept_all",
    "cancel",
    "cancel_old",
    "confirm",
    "export",
    "name_columns",
    "note_export",
    "rename_columns",
    "upload",
    "work_on",
    "work_through",
]
