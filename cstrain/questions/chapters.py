"""Registers the chapter of bank standards for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.policies.chapters import register_files
from cstrain.questions.policy import BankStandards

register_files("bank_standards", BankStandards, "bank_standards.yaml")
