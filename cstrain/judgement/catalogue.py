"""All criteria of the house as one type for policy chapters: ``criteria: tuple[AnyCriterion, ...]``.

A policy file names the kind; its parameters are then checked by that kind's class, with the line in the file.
"""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criteria
from cstrain.kernel.registry import load_modules

load_modules("cstrain.judgement.criteria")

if TYPE_CHECKING:
    AnyCriterion = Criterion
else:
    AnyCriterion = Annotated[functools.reduce(operator.or_, criteria), Field(discriminator="kind")]

for _kind in criteria:
    _kind.model_rebuild(force=True, _types_namespace={"AnyCriterion": AnyCriterion})
