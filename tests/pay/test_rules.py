"""The base by level: exact, by published scheme, unknown where nothing is published."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from cstrain.pay import store
from cstrain.pay.policy import PayScheme

ON = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("scheme", "level", "base"),
    [
        ("points-2017", "junior", "3000.00"),
        ("points-2017", "senior", "3000.00"),
        ("points-2017", "principal", None),
        ("sales", "junior", "3000.00"),
        ("sales", "intermediate", "3500.00"),
        ("sales", "senior", "4000.00"),
        ("sales", "principal", "4500.00"),
        ("sales", None, None),
        ("level-raise", "junior", "3000.00"),
        ("level-raise", "intermediate", "3300.00"),
        ("level-raise", "senior", "3630.00"),
        ("level-raise", "principal", "3993.00"),
    ],
)
def test_the_base_of_a_level(scheme, level, base) -> None:
    found = store.scheme(scheme, ON)
    assert found is not None
    assert found.base_of(level) == (None if base is None else Decimal(base))


def made(**changed: object) -> PayScheme:
    return PayScheme.model_validate(
        {
            "ref": "x",
            "edition": 1,
            "effective_from": "2020-01-01",
            "title": "x",
            "source": "x",
            "levels": ["junior", "senior"],
            "base": {"kind": "raise", "start": "3000.01", "percent": "3.3"},
            **changed,
        }
    )


def test_a_raise_is_rounded_half_up_to_the_fen_once() -> None:
    assert made().base_of("senior") == Decimal("3099.01")  # 3000.01 x 1.033 = 3099.01033
    assert made(base={"kind": "raise", "start": "100.05", "percent": "10"}).base_of("senior") == Decimal(
        "110.06"
    )


def test_a_scheme_names_a_base_for_each_of_its_levels_and_no_other() -> None:
    with pytest.raises(ValidationError):
        made(base={"kind": "amounts", "by_level": {"junior": "3000"}})
    with pytest.raises(ValidationError):
        made(levels=["junior", "junior"])
    with pytest.raises(ValidationError):
        made(base={"kind": "raise", "start": "3000.001", "percent": "3"})


def test_nothing_is_in_force_before_the_first_edition() -> None:
    assert store.schemes(date(2016, 1, 1)) == [] and store.scheme("sales", date(2017, 5, 31)) is None
