"""What the pages of reports, contests and titles share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext

from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.performance.activities.policy import DEDUCTIONS
from cstrain.performance.activities.store import MISSING
from cstrain.performance.facts import METRICS, SALES_SHARE
from cstrain.performance.presenting import amount
from cstrain.ui.forms import typed_day, whole

blueprint = Blueprint("activities", __name__, url_prefix="/activities")


@dataclass(frozen=True, slots=True)
class Pager:
    """A page of a list, for the pager: where one is, and where the others are."""

    page: int
    pages: int
    endpoint: str
    kept: dict[str, str]

    def url(self, number: int) -> str:
        """Return the address of another page with the same filter."""
        kept: dict[str, Any] = dict(self.kept)
        return url_for(self.endpoint, page=number, **kept)


def kept(*names: str) -> dict[str, str]:
    """Return the filters the address names."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def wanted_page() -> int:
    """Return the page the address names, else the first."""
    return request.args.get("page", 1, whole)


def today() -> date:
    """Return the company's day."""
    return local_date(now())


def names_of(ids: Iterable[PersonId | None]) -> dict[PersonId, PersonFacts]:
    """Return people by id for a page."""
    return people.people([one for one in ids if one is not None], today())


def missing() -> NotFoundError:
    """Return the one answer to what does not exist and to what is not for the reader."""
    return NotFoundError(MISSING)


def typed_month(text: str | None) -> date | None:
    """Return the month written as ``2026-11``; ``None`` for anything else."""
    return typed_day(f"{text}-01") if text else None


def metric_word(name: str) -> str:
    """Return the word of what a contest is about, in the reader's language."""
    if name == DEDUCTIONS:
        return str(gettext("扣分条数"))
    if name == SALES_SHARE:
        return str(gettext("销售完成率"))
    return str(gettext(METRICS[name].word))


def metric_value(name: str, value: Decimal) -> str:
    """Write what somebody reached with its unit, at most two decimals."""
    rounded = value.quantize(Decimal("0.01")).normalize()
    unit = {DEDUCTIONS: "条", SALES_SHARE: "%"}.get(name) or METRICS[name].unit
    return amount(f"{rounded:,f}", unit)
