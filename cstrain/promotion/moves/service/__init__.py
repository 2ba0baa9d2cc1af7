"""Acts of moves: gather, judge, write."""

from cstrain.promotion.moves.service.act import Word, close_for_leaver, take, withdraw
from cstrain.promotion.moves.service.appeal import answer_appeal, appeal
from cstrain.promotion.moves.service.keep import (
    NewCourse,
    NewPost,
    announce_post,
    enter_course,
    set_seats,
    withdraw_course,
)
from cstrain.promotion.moves.service.request import ask_skip, ask_transfer, open_initial
from cstrain.promotion.moves.service.succeed import (
    answer_objection,
    cancel_succession,
    choose,
    close_notice,
    object_to,
    open_succession,
    second,
    vacate,
)

__all__ = [
    "NewCourse",
    "NewPost",
    "Word",
    "announce_post",
    "answer_appeal",
    "answer_objection",
    "appeal",
    "ask_skip",
    "ask_transfer",
    "cancel_succession",
    "choose",
    "close_for_leaver",
    "close_notice",
    "enter_course",
    "object_to",
    "open_initial",
    "open_succession",
    "second",
    "set_seats",
    "take",
    "vacate",
    "withdraw",
    "withdraw_course",
]
