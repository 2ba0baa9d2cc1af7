"""Acts of discipline: book, contest, decide, reverse; enter into a register, withdraw."""

from cstrain.performance.discipline.service.booking import book
from cstrain.performance.discipline.service.contests import contest, decide, reverse
from cstrain.performance.discipline.service.opening import check_opening, confirm_opening
from cstrain.performance.discipline.service.registers import enter, withdraw

__all__ = ["book", "check_opening", "confirm_opening", "contest", "decide", "enter", "reverse", "withdraw"]
