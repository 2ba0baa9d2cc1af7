"""The customers' view of reviews: the record, the register, or what HR counted."""

from __future__ import annotations

from datetime import date

import pytest

from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.performance.discipline.facts import Entry, Kind, Severity
from cstrain.performance.discipline.service import enter
from cstrain.performance.reviews import queries, service
from cstrain.performance.reviews.facts import State
from cstrain.performance.reviews.service.answer import CustomerCounts
from cstrain.unit_of_work import unit_of_work
from tests.factories import reviews as make
from tests.factories.reviews import at

pytestmark = pytest.mark.usefixtures("context", "clock_there")


def test_complaints_of_the_register_lower_what_the_record_says() -> None:
    cast = make.opened()
    one = cast.agents[0]
    make.satisfied(cast, csat=90)
    for day, major in ((date(2026, 10, 31), True), (date(2026, 10, 1), False), (date(2026, 11, 1), True)):
        with unit_of_work():
            entry = Entry(Kind.COMPLAINT, day, "催单没回", "工单", Severity.SERIOUS, major=major)
            enter(cast.people["hr"], at(), one, entry)
    make.close(cast)
    line = queries.result(cast.subject(one)).outcome.line("customers")
    assert line.mean == 90 - 20 - 5


def test_what_hr_counted_is_used_instead_and_its_newest_entry_counts() -> None:
    cast = make.opened()
    one = cast.agents[0]
    make.satisfied(cast, csat=10)
    for satisfied in (30, 45):
        with unit_of_work():
            service.enter_customers(
                cast.people["hr"],
                at(),
                cast.subject(one),
                CustomerCounts(50, satisfied, 1, 0, "平台后台10月评价导出"),
            )
    make.close(cast, by="hr2")
    found = queries.result(cast.subject(one))
    assert found.outcome.line("customers").mean == 90 - 5
    assert found.inputs.customers.source == "平台后台10月评价导出"
    assert len(queries.customers_entries(cast.subject(one))) == 2


def test_customer_counts_are_refused_without_source_or_sense_and_about_oneself() -> None:
    cast = make.opened()
    subject = cast.subject(cast.agents[0])
    for wrong in (
        CustomerCounts(10, 11, 0, 0, "来源"),
        CustomerCounts(0, 0, 0, 0, "来源"),
        CustomerCounts(10, 5, 0, 1, "来源"),
        CustomerCounts(10, 5, 0, 0, " "),
    ):
        with pytest.raises(DomainError, match="没有保存"):
            service.enter_customers(cast.people["hr"], at(), subject, wrong)
    fine = CustomerCounts(10, 5, 0, 0, "来源")
    with pytest.raises(ForbiddenError):
        service.enter_customers(cast.people["supervisor"], at(), subject, fine)
    with pytest.raises(ForbiddenError, match="自己"):
        service.enter_customers(cast.agents[0], at(), subject, fine)


def test_a_cycle_without_customers_shares_their_weight() -> None:
    cast = make.opened(customers=False)
    one = cast.agents[0]
    make.fill(cast, one)
    with pytest.raises(ConflictError, match="不用客户评价"):
        service.enter_customers(
            cast.people["hr"], at(), cast.subject(one), CustomerCounts(10, 5, 0, 0, "来源")
        )
    make.close(cast)
    found = queries.result(cast.subject(one)).outcome
    assert found.line("customers").state is State.UNUSED
    assert found.total == 80
