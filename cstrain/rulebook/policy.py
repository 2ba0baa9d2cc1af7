"""A document of the rule book: dated editions with their source, and conditions one can be held to. Pure."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Part(BaseModel):
    """A titled part of a document, in Markdown."""

    model_config = ConfigDict(frozen=True)

    title: str = Field(min_length=1)
    text: str = Field(min_length=1)


class Condition(BaseModel):
    """A condition with the id by which decisions name it."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str = Field(min_length=1)
    text: str = Field(min_length=1)


class Document(BaseModel):
    """One edition of a document. ``consulted_on`` and ``published_on`` record what Labour Contract Law art. 4
    asks for; ``audience`` says who acknowledges it."""

    model_config = ConfigDict(frozen=True)

    ref: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    edition: int = Field(ge=1)
    title: str = Field(min_length=1)
    kind: Literal["policy", "recruitment_condition"]
    audience: Literal["all", "probation"] = "all"
    effective_from: date
    consulted_on: date
    published_on: date
    source: str = Field(min_length=1)
    summary: str = Field(min_length=1)
    sections: tuple[Part, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Document:
        if not self.sections and not self.conditions:
            raise ValueError("既没有正文（sections）也没有条件（conditions），请至少写一项。")
        if self.kind == "recruitment_condition" and not self.conditions:
            raise ValueError("录用条件（recruitment_condition）要写明条件（conditions）。")
        if len({one.id for one in self.conditions}) != len(self.conditions):
            raise ValueError("条件的编号（id）有重复，请改成不同的。")
        if not self.consulted_on <= self.published_on <= self.effective_from:
            raise ValueError("日期的先后不对：应先征求意见，再公示，然后生效。")
        return self

    @property
    def digest(self) -> str:
        """SHA-256 over everything that is read and acknowledged."""
        body = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(body.encode()).hexdigest()
