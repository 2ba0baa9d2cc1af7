"""Rows of this package by key, and its chapters; used by its services and queries only."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from cstrain.extensions import Row, session
from cstrain.kernel.errors import NotFoundError
from cstrain.onboarding.models import Cohort, Enrolment, ProgrammeEdition
from cstrain.onboarding.policy import OnboardingRules, Programme
from cstrain.policies.loader import load

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"

_parsed: dict[str, Programme] = {}

R = TypeVar("R", bound=Row)


def onboarding_rules() -> OnboardingRules:
    """Return the numbers that rule every programme."""
    return load(OnboardingRules, "onboarding.yaml")


def programme_of(row: ProgrammeEdition) -> Programme:
    """Return a stored programme; parsed once for each digest."""
    if row.digest not in _parsed:
        _parsed[row.digest] = Programme.model_validate(row.body)
    return _parsed[row.digest]


def edition_in_force(ref: str, on: date) -> ProgrammeEdition:
    """Return the edition of a programme in force on a day."""
    row = session().scalar(
        sa.select(ProgrammeEdition)
        .where(ProgrammeEdition.ref == ref, ProgrammeEdition.effective_from <= on)
        .order_by(ProgrammeEdition.effective_from.desc(), ProgrammeEdition.edition.desc())
        .limit(1)
    )
    if row is None:
        raise NotFoundError("没有找到培训计划%(ref)s。请让系统管理员先导入培训计划。", ref=ref)
    return row


def edition_of(enrolment: Enrolment) -> Programme:
    """Return the programme somebody is enrolled in."""
    return programme_of(session().get_one(ProgrammeEdition, enrolment.programme_edition_id))


def get(model: type[R], key: int, *, lock: bool = False) -> R:
    """Return a row; the same refusal for a missing and a foreign one."""
    row = session().get(model, key, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise NotFoundError(MISSING)
    return row


def get_enrolment(enrolment_id: int, *, lock: bool = False) -> Enrolment:
    """Return an enrolment, locked against concurrent acts if asked."""
    return get(Enrolment, enrolment_id, lock=lock)


def get_cohort(cohort_id: int) -> Cohort:
    """Return a cohort."""
    return get(Cohort, cohort_id)
