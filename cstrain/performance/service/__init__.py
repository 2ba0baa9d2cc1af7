"""Acts on monthly performance: entering, importing, closing, correcting."""

from cstrain.performance.service.closing import ask_reopening, close_month, close_opening, decide_reopening
from cstrain.performance.service.correcting import ask_correction, decide_correction
from cstrain.performance.service.entering import check_enterable, enter_month
from cstrain.performance.service.importing import check_file, confirm_month, discard_month, upload_month

__all__ = [
    "ask_correction",
    "ask_reopening",
    "check_enterable",
    "check_file",
    "close_month",
    "close_opening",
    "confirm_month",
    "decide_correction",
    "decide_reopening",
    "discard_month",
    "enter_month",
    "upload_month",
]
