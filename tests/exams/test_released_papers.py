"""Stored papers are known by the digest of their blueprint: it must stay what earlier releases stored."""

from __future__ import annotations

import hashlib
import json

import pytest

from cstrain.exams.service.papers import shipped_papers

RELEASED = {
    ("conversion-oa", 1): "f386c075fc364e44e93d111e1445f953b4b152c3cd223e7436b6f141204fedc5",
    ("gap-machine", 1): "f4bbe7083607b627a3d5ae02ebdf875f3df824aa744df1135449c9ae509730aa",
    ("oral-8", 1): "ca66b058e5e7543853b0c2610e937dd5c12ae55047f2f36de8f90d47747eed0d",
    ("quiz-day-1", 1): "aff43ecd33d0b65427d92f89d88d7503ed1d8d50247b0928c90c4e663dafad78",
}


@pytest.mark.parametrize(("ref", "edition"), RELEASED)
def test_a_released_edition_has_the_digest_it_was_stored_with(ref, edition) -> None:
    """A new part of blueprints that is dumped with its default would refuse every upgrade."""
    (spec,) = [each for each in shipped_papers() if (each.ref, each.edition) == (ref, edition)]
    dumped = json.dumps(spec.model_dump(mode="json"), sort_keys=True)
    assert hashlib.sha256(dumped.encode()).hexdigest() == RELEASED[ref, edition]
