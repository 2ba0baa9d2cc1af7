"""Pages of applications, defences and public notices."""

from cstrain.promotion.applications.views import (
    acting,
    board,
    cases,
    juror,
    own,
    printing,
    rounds,
)
from cstrain.promotion.applications.views.base import applications, defences, notices

blueprints = [applications, defences, notices]

__all__ = ["acting", "blueprints", "board", "cases", "juror", "own", "printing", "rounds"]
