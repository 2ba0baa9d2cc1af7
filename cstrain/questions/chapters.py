"""Registers the chapters of bank standards and of the rubric of chats for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.judgement.shared_rubric import SharedRubric
from cstrain.policies.chapters import register_files
from cstrain.questions.policy import BankStandards
from cstrain.questions.rubrics import CHAT_RUBRIC

register_files("bank_standards", BankStandards, "bank_standards.yaml")
register_files("chat_rubric", SharedRubric, CHAT_RUBRIC)
