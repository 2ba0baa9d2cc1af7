"""Acts of sittings on paper, one module a step."""

from cstrain.exams.on_paper.service.entering import enter
from cstrain.exams.on_paper.service.giving_out import collect, issue, withdraw
from cstrain.exams.on_paper.service.resolving import agree, resolve

__all__ = ["agree", "collect", "enter", "issue", "resolve", "withdraw"]
