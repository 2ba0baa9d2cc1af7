"""Acts of quality sampling, by verb."""

from cstrain.performance.quality.service.chats import (
    NewChat,
    confirm_chats,
    discard_chats,
    enter_chat,
    upload_chats,
)
from cstrain.performance.quality.service.closing import close_month
from cstrain.performance.quality.service.contesting import decide, get_contest, reply
from cstrain.performance.quality.service.drawing import draw
from cstrain.performance.quality.service.publishing import publish
from cstrain.performance.quality.service.rating import REASONS, finish, give_back, keep, revise, take
from cstrain.performance.quality.service.reporting import report_day
from cstrain.performance.quality.service.retention import empty_files, empty_transcripts, note_emptied

__all__ = [
    "REASONS",
    "NewChat",
    "close_month",
    "confirm_chats",
    "decide",
    "discard_chats",
    "draw",
    "empty_files",
    "empty_transcripts",
    "enter_chat",
    "finish",
    "get_contest",
    "give_back",
    "keep",
    "note_emptied",
    "publish",
    "reply",
    "report_day",
    "revise",
    "take",
    "upload_chats",
]
