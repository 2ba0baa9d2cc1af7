"""QTI files as drafts: a package with its manifest, or a single document. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from cstrain.questions.exchange.contract import (
    MOST_QUESTIONS,
    Draft,
    ItemFault,
    Place,
    Reading,
    UnreadableError,
    part,
)
from cstrain.questions.exchange.contract import item as question
from cstrain.questions.exchange.package import Package, opened
from cstrain.questions.exchange.qti.item import RefusedError
from cstrain.questions.exchange.qti.items import About, read_item
from cstrain.questions.exchange.qti.metadata import about_resource
from cstrain.questions.exchange.qti.names import ITEM, named_as_2p1
from cstrain.questions.exchange.xml_source import parse_xml
from cstrain.wording.said import otherwise, reason, say

MANIFEST = "imsmanifest.xml"
ZIP = b"PK\x03\x04"

_OLD = say("没有读取：这是QTI 1.2（questestinterop）的试题。请在原系统里导出QTI 2.1或3.0后再试。")
_TEST = say("没有读取：这是试卷文件，只列出试题，里面没有题。请导入装着试题的整个压缩包。")
_LONE_MANIFEST = say("没有读取：这是试题包的目录文件，里面没有题。请导入装着试题的整个压缩包。")
_NO_QTI = say("没有读取：文件里没有QTI试题（assessmentItem）。请检查是不是选错了文件。")
_START = 8_000
_BEFORE = re.compile(r"<!--.*?-->|<\?.*?\?>|<![^>]*>", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_ROOTS = {"questestinterop": _OLD, "assessmentTest": _TEST, "manifest": _LONE_MANIFEST}
_MAC = re.compile(r"^__MACOSX/|(?:^|/)\._")
"""What the Finder of a Mac adds to every archive; it holds nothing of the questions."""
_MOST_RESOURCES = 20_000
_MOST_ELEMENTS = 400_000
"""All documents of a package together: ten thousand items of ours have fewer."""


class _Listed(NamedTuple):
    """A document of a package, and what the manifest says of it."""

    path: str
    about: About
    is_item: bool = False


@dataclass(slots=True)
class _Found:
    """What has been read so far, within bounds for the package as a whole."""

    drafts: list[Draft] = field(default_factory=list)
    faults: list[ItemFault] = field(default_factory=list)
    elements: int = 0
    old: list[Place] = field(default_factory=list)

    def parse(self, raw: bytes) -> Element:
        root = parse_xml(raw)
        self.elements += named_as_2p1(root)
        if self.elements > _MOST_ELEMENTS:
            raise UnreadableError(say("文件没有读取：内容太多。请分成几个文件。"))
        return root

    def fault(self, place: Place, message: str) -> None:
        self._count()
        self.faults.append(ItemFault(place, message))

    def _count(self) -> None:
        if len(self.drafts) + len(self.faults) >= MOST_QUESTIONS:
            raise UnreadableError(say("没有读取：文件里超过%(n)s道题。请分成几个文件。", n=MOST_QUESTIONS))

    def take(self, root: Element, place: Place, about: About) -> None:
        self._count()
        try:
            self.drafts.append(read_item(root, place, about))
        except RefusedError as error:
            self.fault(place, reason(error))


def read_qti(raw: bytes, name: str) -> Reading:
    """Return the drafts of a package or a single document of QTI 2.0 to 3.0; raises ``UnreadableError``."""
    if raw.startswith(ZIP) or name.lower().endswith(".zip"):
        with opened(raw) as package:
            return _read_package(package)
    return _read_document(raw)


def _read_document(raw: bytes) -> Reading:
    found = _Found()
    root = found.parse(raw)
    if root.tag in _ROOTS:
        raise UnreadableError(_ROOTS[str(root.tag)])
    for number, each in enumerate(_items(root), start=1):
        found.take(each, question(number), About())
    if not found.drafts and not found.faults:
        raise UnreadableError(_NO_QTI)
    return Reading(tuple(found.drafts), tuple(found.faults))


def _items(root: Element) -> Iterator[Element]:
    """Yield the items of a document; nobody puts items into items."""
    if root.tag == ITEM:
        yield root
        return
    for child in root:
        yield from _items(child)


def _read_package(package: Package) -> Reading:
    found, names = _Found(), [name for name in package.names() if not _MAC.search(name)]
    listed = list(_listed(package, names, found))
    by_folder, known = _folders(listed), set(names)
    for each in listed:
        about = each.about if each.about.topic else replace(each.about, topic=by_folder.get(each.path, ""))
        _read_listed(package, known, each._replace(about=about), found)
    if not found.drafts and not found.faults:
        raise UnreadableError(_OLD if found.old else _NO_QTI)
    old = (ItemFault(place, _OLD) for place in found.old)
    return Reading(tuple(found.drafts), (*found.faults, *old))


def _read_listed(package: Package, names: set[str], each: _Listed, found: _Found) -> None:
    place = part(each.path)
    if each.path not in names:
        message = say("没有读取：目录里列出了这个文件，压缩包里却没有。请重新导出后再试。")
        found.fault(place, message)
        return
    raw = package.read(each.path)
    try:
        root = found.parse(raw)
    except UnreadableError as error:
        if found.elements > _MOST_ELEMENTS:
            raise
        why = reason(error)
        found.fault(place, otherwise(why, why.replace("文件没有读取", "没有读取")))
        return
    if root.tag == "questestinterop":
        found.old.append(place)
        return
    items = list(_items(root))
    for number, one in enumerate(items, start=1):
        found.take(one, place if len(items) == 1 else part(f"{each.path} {question(number)}"), each.about)


def _listed(package: Package, names: list[str], found: _Found) -> Iterator[_Listed]:
    """Yield the documents of a package: first as the manifest lists items, then what it does not mention."""
    manifests = [name for name in names if posixpath.basename(name).lower() == MANIFEST]
    mentioned, known = set(manifests), set(names)
    manifest = min(manifests, key=lambda name: name.count("/"), default="")
    for resource in _resources(package, manifest, found) if manifest else ():
        path = _path(manifest, resource)
        if path in mentioned:
            continue
        mentioned.add(path)
        if resource.get("type", "").startswith("imsqti_item"):
            yield _Listed(path, about_resource(resource), is_item=True)
        elif path in known and path.lower().endswith(".xml"):
            yield _Listed(path, About())
    for name in names:
        if name not in mentioned and name.lower().endswith(".xml"):
            yield _Listed(name, About())


def _resources(package: Package, manifest: str, found: _Found) -> Iterator[Element]:
    raw = package.read(manifest)
    if raw.count(b"resource ") > _MOST_RESOURCES:
        raise UnreadableError(say("文件没有读取：目录里的文件太多。请分成几个文件。"))
    return found.parse(raw).iterfind("resources/resource")


def _path(manifest: str, resource: Element) -> str:
    """Return where a resource's document stands in the package, beside the manifest."""
    first = resource.find("file")
    said = resource.get("href", "") or ("" if first is None else first.get("href", ""))
    return posixpath.normpath(posixpath.join(posixpath.dirname(manifest), unquote(said)))


def _folders(listed: list[_Listed]) -> dict[str, str]:
    """Return the folders of the documents below the one that holds all; none where all stand in one."""
    folders = {each.path: posixpath.dirname(each.path) for each in listed if each.is_item}
    distinct = set(folders.values())
    if len(distinct) < 2 or len(distinct) == len(folders):
        return {}
    common = posixpath.commonpath([f"/{folder}" for folder in distinct])
    return {path: posixpath.relpath(f"/{folder}", common).strip(".") for path, folder in folders.items()}


def root_name(raw: bytes) -> str:
    """Return the name of a document's root element as its first bytes say, for guessing; may be empty."""
    start = raw[:_START].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").decode("latin-1")
    found = _ROOT.search(_BEFORE.sub("", start))
    return found[1] if found else ""


def manifest_of(raw: bytes) -> bytes | None:
    """Return the manifest of a package, for guessing; ``None`` where there is none to read."""
    try:
        with opened(raw) as package:
            found = [name for name in package.names() if posixpath.basename(name).lower() == MANIFEST]
            return package.read(min(found, key=lambda name: name.count("/"))) if found else None
    except UnreadableError:
        return None
