"""Registers the chapter of credentials for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.grading.credentials.policy import CredentialRules
from cstrain.policies.chapters import register_files

register_files("credentials", CredentialRules, "credentials.yaml")
