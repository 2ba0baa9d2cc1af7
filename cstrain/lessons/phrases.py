"""The phrase library: quick phrases for chats, standard phrases for the telephone; read from a data file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cstrain.policies.yaml_source import read, validate

_PLACE = re.compile(r"(\{[^{}]+\})")
FILE = Path(__file__).parent / "shipped" / "phrases.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Phrase(_Part):
    """A phrase: its code, when it is used, its words with ``{places}`` to fill in, what to change first."""

    code: str = Field(pattern=r"^[A-Z][0-9]{2}$")
    when: str = Field(min_length=2, max_length=40)
    text: str = Field(min_length=4, max_length=200)
    adapt: str = Field(max_length=80)

    def pieces(self) -> tuple[tuple[str, bool], ...]:
        """Return the words in pieces, each with whether it is a place to fill in."""
        return tuple((each, each.startswith("{")) for each in _PLACE.split(self.text) if each)

    def fits(self, wanted: str) -> bool:
        """Tell whether every word of a search stands in the phrase (case is the same)."""
        said = f"{self.code} {self.when} {self.text} {self.adapt}".casefold()
        return all(word in said for word in wanted.casefold().split())


class PhraseGroup(_Part):
    """Phrases for one kind of occasion, in a chat or on the telephone."""

    id: str = Field(pattern=r"^[A-Z][0-9]?$")
    title: str = Field(min_length=2, max_length=20)
    part: Literal["chat", "telephone"]
    phrases: tuple[Phrase, ...] = Field(min_length=1, max_length=40)


class PhraseLibrary(_Part):
    """The whole library, with a note on how it is used."""

    title: str
    note: str
    groups: tuple[PhraseGroup, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_differ(self) -> PhraseLibrary:
        codes = [phrase.code for group in self.groups for phrase in group.phrases]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"编号“{twice[0]}”用了两次，请换一个。")
        return self

    def search(self, wanted: str) -> tuple[PhraseGroup, ...]:
        """Return the groups with the phrases that fit; a group whose title fits is whole."""
        if not wanted.strip():
            return self.groups
        found = [
            group.model_copy(update={"phrases": tuple(each for each in group.phrases if each.fits(wanted))})
            for group in self.groups
        ]
        whole = {group.id: group for group in self.groups if wanted.strip() in group.title}
        return tuple(whole.get(group.id, group) for group in found if group.phrases or group.id in whole)


@cache
def library() -> PhraseLibrary:
    """Return the shipped library; raises ``SourceError`` when the file is wrong."""
    return validate(PhraseLibrary, read(FILE, FILE.name))
