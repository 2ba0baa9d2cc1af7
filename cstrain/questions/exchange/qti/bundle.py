"""QTI items as a package: the manifest, a file an item, the same bytes for the same questions. Pure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from cstrain.questions.exchange.contract import Draft, ItemFault, Written
from cstrain.questions.exchange.qti.metadata import SUBJECT, WORDS
from cstrain.questions.exchange.qti.package import MANIFEST
from cstrain.questions.exchange.qti.writing import build_item, can_write, writable
from cstrain.questions.question_type import question_types
from cstrain.wording.said import say

_LOM = "http://ltsc.ieee.org/xsd/LOM"
_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_DATE = (2000, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16


@dataclass(frozen=True, slots=True)
class Edition:
    """What differs between the editions of QTI around the items."""

    item_space: str
    item_schema: str
    manifest_space: str
    schema: str
    schema_version: str
    resource: str
    renamed: Callable[[Element], Element]
    """Turns an item built under the names of 2.1 into one of the edition."""


def write_qti(edition: Edition, title: str, drafts: Sequence[Draft]) -> Written:
    """Return the package of a bank; what QTI cannot hold is left out and named."""
    lost: list[ItemFault] = []
    items: list[tuple[str, bytes]] = []
    manifest = _manifest(edition, str(writable(title)))
    resources = SubElement(manifest, "resources")
    for draft in drafts:
        if not can_write(draft.fields.get("type")):
            lost.append(ItemFault(draft.place, _cannot(str(draft.fields.get("type", "")))))
            continue
        safe = _safe(draft)
        if safe != replace(draft, fields=_as_lists(draft.fields)):
            lost.append(ItemFault(draft.place, say("有XML放不下的控制字符，导出时去掉了。")))
        number = len(items) + 1
        name = f"items/item{number:05d}.xml"
        items.append((name, _document(_finished(edition, build_item(safe, number)))))
        _list_item(resources, edition, f"item{number:05d}", name, safe)
    return Written(_zipped([(MANIFEST, _document(manifest)), *items]), tuple(lost))


def _safe(draft: Draft) -> Draft:
    """Return the draft without the characters that XML cannot hold."""
    tags = tuple(writable(draft.tags))
    return replace(draft, fields=writable(draft.fields), topic=writable(draft.topic), tags=tags)


def _as_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_lists(each) for name, each in value.items()}
    return [_as_lists(each) for each in value] if isinstance(value, list | tuple) else value


def _cannot(name: str) -> str:
    kinds = question_types()
    label = say(kinds.get(name).label) if name in kinds else name
    return say("题型“%(label)s”这个格式放不下，没有导出。", label=label)


def _finished(edition: Edition, item: Element) -> Element:
    done = edition.renamed(item)
    return _rooted(done, edition.item_space, edition.item_schema)


def _rooted(root: Element, space: str, schema: str) -> Element:
    root.set("xmlns", space)
    if schema:
        root.set("xmlns:xsi", _SCHEMA_INSTANCE)
        root.set("xsi:schemaLocation", f"{space} {schema}")
    return root


def _manifest(edition: Edition, title: str) -> Element:
    manifest = _rooted(Element("manifest", {"identifier": "MANIFEST"}), edition.manifest_space, "")
    metadata = SubElement(manifest, "metadata")
    SubElement(metadata, "schema").text = edition.schema
    SubElement(metadata, "schemaversion").text = edition.schema_version
    general = SubElement(SubElement(metadata, "lom", {"xmlns": _LOM}), "general")
    SubElement(SubElement(general, "title"), "string").text = title
    SubElement(manifest, "organizations")
    return manifest


def _list_item(resources: Element, edition: Edition, name: str, path: str, draft: Draft) -> None:
    said = {"identifier": name, "type": edition.resource, "href": path}
    resource = SubElement(resources, "resource", said)
    about = list(_about(draft))
    if about:
        SubElement(SubElement(resource, "metadata"), "lom", {"xmlns": _LOM}).extend(about)
    SubElement(resource, "file", {"href": path})


def _about(draft: Draft) -> Iterator[Element]:
    """Yield what other systems may want to know of an item, in the words of LOM."""
    word = WORDS.get(draft.fields.get("difficulty", 0))
    if word is not None:
        educational = Element("educational")
        difficulty = SubElement(educational, "difficulty")
        SubElement(difficulty, "source").text = "LOMv1.0"
        SubElement(difficulty, "value").text = word
        yield educational
    if draft.topic:
        classification = Element("classification")
        path = SubElement(classification, "taxonPath")
        SubElement(SubElement(path, "source"), "string").text = SUBJECT
        entry = SubElement(SubElement(path, "taxon"), "entry")
        SubElement(entry, "string").text = draft.topic
        yield classification


def _document(root: Element) -> bytes:
    """Return a document; line ends that a parser would change are written as references."""
    text = tostring(root, encoding="unicode").replace("\r", "&#13;")
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{text}\n".encode()


def _zipped(members: Sequence[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _MODE, 3
            archive.writestr(info, data)
    return packed.getvalue()
