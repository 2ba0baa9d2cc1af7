"""Acts on questions written here: writing, reviewing, bringing in, retiring, commenting."""

from cstrain.questions.authoring.service.banks import (
    NewBank,
    add_topic,
    change_topic,
    make_bank,
    remove_topic,
    rename_bank,
)
from cstrain.questions.authoring.service.bringing_in import Arrival, bring_in
from cstrain.questions.authoring.service.commenting import comment
from cstrain.questions.authoring.service.retiring import restore, retire
from cstrain.questions.authoring.service.reviewing import accept, send_back
from cstrain.questions.authoring.service.writing import drop, revise, save, start, submit, take_back

__all__ = [
    "Arrival",
    "NewBank",
    "accept",
    "add_topic",
    "bring_in",
    "change_topic",
    "comment",
    "drop",
    "make_bank",
    "remove_topic",
    "rename_bank",
    "restore",
    "retire",
    "revise",
    "save",
    "send_back",
    "start",
    "submit",
    "take_back",
]
