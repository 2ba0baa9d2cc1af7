"""Registers the approvals chapter for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.approvals.policy import ApprovalRules
from cstrain.policies.chapters import register_files

register_files("approvals", ApprovalRules, "approvals.yaml")
