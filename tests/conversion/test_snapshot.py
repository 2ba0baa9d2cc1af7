"""Sealed snapshots: one text for one content, and any change is seen."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cstrain.kernel.finding import Finding, State
from cstrain.onboarding.conversion.rules.snapshot import canonical, intact, seal


def test_the_text_does_not_depend_on_the_order_of_keys():
    assert (
        canonical({"b": 1, "a": (Decimal("79.500"), date(2026, 1, 2))})
        == '{"a":["79.500","2026-01-02"],"b":1}'
    )


def test_findings_and_instants_are_sealed_and_a_change_is_found():
    value = {"at": datetime(2026, 1, 2, tzinfo=UTC), "findings": [Finding("k", State.MET, "好", "第三条")]}
    text, digest = seal(value)
    assert intact(text, digest)
    assert not intact(text.replace("好", "差"), digest)


def test_what_has_no_one_text_is_refused():
    with pytest.raises(TypeError):
        canonical({"x": 1.5})
