"""Hostile Word files and QTI packages."""

from __future__ import annotations

from benchmarks.hostile.zips import Hostile, links, members_of, packed, with_member

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PART = "word/document.xml"


def _document(body: str) -> str:
    return f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def words(good: bytes) -> Hostile:
    """Yield Word files made of a good one."""
    parts = members_of(good)

    def holding(body: str, **more: str) -> bytes:
        return packed({**parts, _PART: _document(body), **more})

    outside = {
        "attachedTemplate": "http://127.0.0.1:9/x.dotm",
        "oleObject": "http://127.0.0.1:9/x",
        "image": "file:///x",
    }
    yield "docx", "template from outside", packed({**parts, "word/_rels/settings.xml.rels": links(outside)})
    yield "docx", "macros", with_member(good, "word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"\x00" * 5000)
    yield (
        "docx",
        "OLE object",
        packed(
            {
                **parts,
                "word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0" + b"\x00" * 5000,
                _PART: _document(
                    '<w:p><w:r><w:object><o:OLEObject xmlns:o="x" r:id="rX0" xmlns:r="x"/></w:object>'
                    "</w:r></w:p>"
                ),
            }
        ),
    )
    command = "DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe &quot;/k calc&quot;"
    field = f"<w:p><w:r><w:instrText>{command}</w:instrText></w:r></w:p>"
    yield "docx", "DDE field", holding(field + _paragraph("1. 题（ ）"))
    include = '<w:p><w:fldSimple w:instr="INCLUDETEXT http://127.0.0.1:9/x"/></w:p>'
    include += '<w:altChunk r:id="rX0" xmlns:r="x"/>'
    yield "docx", "included text", holding(include)
    nested = {
        "tables": "<w:tbl><w:tr><w:tc>",
        "runs": "<w:p><w:r>",
        "boxes": "<w:p><w:r><w:pict><w:txbxContent>",
    }
    for name, opening in nested.items():
        closing = "".join(f"</{each}" for each in reversed(opening.split("<")[1:]))
        for depth in (15, 20_000):
            yield "docx", f"{name}, {depth} deep", holding(opening * depth + closing * depth)
    yield "docx", "paragraphs", holding("<w:p/>" * 149_000)
    yield "docx", "many paragraphs", holding("<w:p/>" * 1_500_000)
    yield "docx", "runs", holding("<w:p>" + "<w:r><w:t>A</w:t></w:r>" * 70_000 + "</w:p>")
    yield "docx", "cells", holding("<w:tbl><w:tr>" + "<w:tc><w:p/></w:tc>" * 70_000 + "</w:tr></w:tbl>")
    yield "docx", "tabs", holding("<w:p><w:r>" + "<w:tab/>" * 140_000 + "</w:r></w:p>")
    yield "docx", "one long text", holding(_paragraph("1. " + "A. 甲" * 1_000_000))
    yield (
        "docx",
        "9,000 questions (good)",
        holding(
            "".join(
                _paragraph(f"{n}. 题目（ ）")
                + _paragraph("A. 甲")
                + _paragraph("B. 乙")
                + _paragraph("答案：A")
                for n in range(1, 9_001)
            )
        ),
    )
    levels = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/>'
        f'<w:lvlText w:val="{"%1" * 50}"/></w:lvl></w:abstractNum>'
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>'
        for n in range(20)
    )
    point = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr></w:pPr></w:p>'
    numbering = f'<w:numbering xmlns:w="{_W}">{levels}</w:numbering>'
    yield (
        "docx",
        "long numbers of lists",
        packed({**parts, _PART: _document(point * 20_000), "word/numbering.xml": numbering}),
    )
    yield "docx", "old Word", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100_000
    yield "docx", "RTF", b"{\\rtf1\\ansi " + b"{\\b " * 20_000


def packages(good: bytes) -> Hostile:
    """Yield QTI packages made of a good one."""
    parts = members_of(good)
    manifest = parts["imsmanifest.xml"].decode()
    item = next(name for name in parts if name != "imsmanifest.xml" and name.endswith(".xml"))
    for name, target in {
        "outside": "../../etc/passwd",
        "root": "/etc/passwd",
        "net": "http://127.0.0.1:9/x",
        "missing": "no.xml",
    }.items():
        yield (
            "qti21",
            f"manifest points to {name}",
            packed({**parts, "imsmanifest.xml": manifest.replace(item, target)}),
        )
    resource = manifest[manifest.index("<resource ") : manifest.index("</resource>") + 11]
    yield (
        "qti21",
        "one item 20,000 times",
        packed({**parts, "imsmanifest.xml": manifest.replace(resource, resource * 20_000)}),
    )
    picture = parts[item].decode().replace("</", '<img src="http://127.0.0.1:9/x.png"/></', 1)
    yield "qti21", "picture from outside", packed({**parts, item: picture})
    script = (
        parts[item]
        .decode()
        .replace("</", "<script>alert(1)</script><style>@import 'http://127.0.0.1:9'</style></", 1)
    )
    yield "qti21", "script", packed({**parts, item: script})
    yield (
        "qti21",
        "no manifest",
        packed({name: data for name, data in parts.items() if name != "imsmanifest.xml"}),
    )
    yield "qti21", "10,000 items (good)", packed({f"i{n}.xml": parts[item] for n in range(10_000)})
