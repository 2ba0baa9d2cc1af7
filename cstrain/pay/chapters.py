"""Registers the pay schemes for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.pay.policy import PayScheme
from cstrain.policies.chapters import register_files

register_files("pay", PayScheme, "pay/*.yaml")
