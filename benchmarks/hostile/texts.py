"""Hostile texts: long runs of every mark, deep nesting, wrong encodings, very many questions."""

from __future__ import annotations

from benchmarks.hostile.zips import Hostile

_MARKS = (
    *(
        "A.",
        "A. ",
        "A、B、",
        "（",
        "）",
        "（）",
        "（ ",
        "(",
        "【",
        "[",
        "［答案：",
        "【答案】",
        "答案：",
        "解析：",
        "~",
        "=",
        "#",
        "~=#",
    ),
    *(
        "{",
        "}",
        "{}",
        "\\",
        "\\{",
        "_",
        "__ ",
        "_ ",
        "1",
        "1.",
        "1. ",
        "1)",
        "第1题",
        "一、",
        "一",
        "Q1:",
        "::",
        "$CATEGORY:",
        "//",
    ),
    *(
        "%50%",
        "->",
        "=a->",
        "[html]",
        "<",
        "<b>",
        "&",
        "&#",
        "&amp;",
        "<!--",
        "<![CDATA[",
        " ",
        "\t",
        "\u3000",
        "\xa0",
        "\u200b",
    ),
    *(
        "\r",
        "\x0b",
        "\u2028",
        "。",
        "、",
        "：",
        ":",
        "|",
        ",",
        ";",
        "'",
        '"',
        "-",
        "+",
        "*",
        "√",
        "对错",
        "ＡＢ",
        "A",
        "a ",
        "é",
        "😀",
    ),
    *(
        "\U000f0041",
        "\U00100001",
        "\ufffd",
        "ANSWER: A",
        "- ",
        "? ",
        "&a ",
        "*a ",
        "!!a ",
        ">",
        "0.0",
        "±",
        "/",
        "。A",
        "单选题",
        "共",
        "（共",
    ),
)
_SIZE = 9_000_000
_LINE = 19_000


def _shown(mark: str) -> str:
    return ascii(mark)


def runs() -> Hostile:
    """Yield each mark repeated: as one line, as a line each, and within one question."""
    for kind in ("text", "gift", "aiken", "yaml"):
        for mark in _MARKS:
            yield kind, f"one line of {_shown(mark)}", _filled(mark, _SIZE).encode()
    for kind in ("text", "gift", "aiken"):
        for mark in _MARKS:
            lines = _filled(mark, _LINE) + "\n"
            yield kind, f"lines of {_shown(mark)}", (lines * 30).encode()
            opened = {"text": "1. 题", "gift": "题{", "aiken": "题\nA. "}[kind]
            closed = {"text": "\nA. 甲\nB. 乙\n答案：A\n", "gift": "}\n\n", "aiken": "\nANSWER: A\n"}[kind]
            yield kind, f"questions of {_shown(mark)}", ((opened + lines.strip("\n") + closed) * 30).encode()


def _filled(mark: str, characters: int) -> str:
    most = min(characters // len(mark), characters // len(mark.encode()))
    return mark * most


def many() -> Hostile:
    """Yield a million tiny questions, or as many as ten megabytes hold."""
    yield "text", "tiny questions", "".join(f"{n}.x\n" for n in range(1_000_000))[:9_900_000].encode()
    yield "text", "tiny questions with answers", "".join(f"{n}.x答案：对\n" for n in range(400_000)).encode()
    yield (
        "text",
        "10,000 questions (good)",
        "".join(f"{n}. 题目{n}\nA. 甲\nB. 乙\n答案：A\n" for n in range(1, 10_001)).encode(),
    )
    yield "gift", "tiny questions", b"a{T}\n\n" * 1_000_000
    yield "gift", "tiny questions in a line", b"a{T}" * 2_000_000
    yield "gift", "tiny texts", b"a\n\n" * 3_000_000
    yield "aiken", "tiny questions", b"x\nA. a\nB. b\nANSWER: A\n" * 400_000
    yield "yaml", "tiny questions", b"- {type: a}\n" * 800_000
    yield "yaml", "tiny items", b"- a\n" * 2_400_000
    yield "yaml", "questions of one line", b"[" + b"{type: a}," * 900_000 + b"]"
    yield "moodle_xml", "tiny questions", b"<quiz>" + b"<question/>" * 900_000 + b"</quiz>"
    yield "qti21", "tiny items", b"<assessmentTest>" + b"<assessmentItem/>" * 500_000 + b"</assessmentTest>"
    yield "csv", "tiny rows", "题干,答案\n".encode() + b"a,A\n" * 2_000_000


def deep() -> Hostile:
    """Yield 20,000 levels of everything that nests."""
    most = 20_000
    yield "yaml", "lists", b"[" * most + b"]" * most
    yield "yaml", "maps", b"{a: " * most + b"}" * most
    yield "yaml", "dashes", b"- " * most + b"a"
    yield "yaml", "dashes in lines", "".join(" " * n + "-\n" for n in range(4_000)).encode()
    yield "yaml", "question marks", b"? " * most
    yield "yaml", "json", b'{"a":' * most + b"1" + b"}" * most
    yield "yaml", "aliases", b"a: &a [x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n" + b"d: [*c,*c]\n"
    yield "yaml", "tags", b"- !!python/object/apply:os.system ['id']\n- !!python/name:os.system\n"
    yield "yaml", "merge keys", b"a: &a {x: 1}\nb: {<<: *a}\n"
    yield "yaml", "long key", b"? " + b"k" * 9_000_000 + b"\n: 1\n"
    yield "yaml", "long number", b"- type: number\n  stem: a\n  answer: " + b"9" * 9_000_000
    yield "yaml", "long text in quotes", b'- "' + b"\\x41" * 2_000_000 + b'"'
    yield "yaml", "documents", b"---\n" * 2_000_000
    yield "yaml", "block", b"- |\n" + b"  a\n" * 2_000_000
    for kind, root in (("moodle_xml", "quiz"), ("qti21", "assessmentItem"), ("qti3", "qti-assessment-item")):
        yield kind, "elements", f"<{root}>{'<a>' * most}{'</a>' * most}</{root}>".encode()
        yield kind, "elements without end", f"<{root}>{'<a>' * 3_000_000}".encode()
        for what in ("file:///etc/passwd", "http://127.0.0.1:9/x"):
            yield (
                kind,
                f"XXE {what[:4]}",
                f'<!DOCTYPE a [<!ENTITY x SYSTEM "{what}">]><{root}>&x;</{root}>'.encode(),
            )
        yield (
            kind,
            "XInclude",
            (
                f'<{root} xmlns:xi="http://www.w3.org/2001/XInclude">'
                '<xi:include href="file:///etc/passwd" parse="text"/>'
                f"</{root}>"
            ).encode(),
        )
        yield (
            kind,
            "schema location",
            (
                f'<{root} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
                f'xsi:schemaLocation="x http://127.0.0.1:9/x.xsd"/>'
            ).encode(),
        )
    quiz = '<quiz><question type="essay"><questiontext format="{}"><text><![CDATA[{}]]></text></questiontext>'
    quiz += "</question></quiz>"
    for name, body in {
        "HTML": "<div>" * most + "x" + "</div>" * most,
        "lists": "<ul><li>" * most,
        "tables": "<table><tr><td>" * most,
    }.items():
        yield "moodle_xml", f"{name} in a text", quiz.format("html", body).encode()
    for name, mark in {
        "quotes": "> ",
        "lists": "- ",
        "brackets": "[",
        "stars": "*a ",
        "images": "![",
        "ticks": "`a",
    }.items():
        yield "moodle_xml", f"Markdown {name}", quiz.format("markdown", mark * 40_000).encode()
        yield "gift", f"Markdown {name}", f"[markdown]{mark * 40_000}{{T}}".encode()
    yield "gift", "HTML", ("[html]" + "<div>" * 18_000 + "{T}").encode()
    yield "gift", "braces", b"a{" * 1_000_000
    yield "text", "brackets", ("1. " + "（" * 9_000 + "）" * 9_000 + "\n答案：对\n").encode()
    yield (
        "text",
        "lists",
        "".join(" " * (n % 50) + f"{n % 9}. ({n % 5}) a\n" for n in range(140_000)).encode(),
    )


def encodings() -> Hostile:
    """Yield texts in encodings that are not UTF-8, with and without saying so, and mixtures."""
    texts = {
        "text": "1. 哪个对？\nA. 甲\nB. 乙\n答案：A\n",
        "gift": "哪个对？{=甲 ~乙}\n\n",
        "aiken": "哪个对？\nA. 甲\nB. 乙\nANSWER: A\n",
        "yaml": "- type: single_choice\n  stem: 哪个对？\n  options: [甲, 乙]\n  answer: A\n",
        "moodle_xml": '<quiz><question type="truefalse"><questiontext><text>对么</text></questiontext>'
        "</question></quiz>",
        "qti21": '<assessmentItem identifier="a" title="对么"/>',
    }
    names = (
        "utf-7",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "gb18030",
        "gbk",
        "hz",
        "euc_jp",
    )
    for kind, text in texts.items():
        for name in names:
            yield kind, f"in {name}", (text * (1 if "<" in text else 5)).encode(name, "replace")
        said = text.replace("对", "對").replace("哪", "那")
        yield kind, "in big5", said.encode("big5", "replace")
        yield kind, "mixed", text.encode() + text.encode("gb18030") + text.encode("utf-16")
        yield kind, "halves of characters", text.encode()[:-3].replace("哪".encode(), "哪".encode()[:2])
        yield kind, "surrogates", (text + "\ud800").encode("utf-8", "surrogatepass")
        yield kind, "overlong", text.encode() + b"\xc0\xaf\xe0\x80\xaf"
        yield kind, "NUL", text.replace("甲", "甲\0").replace("对", "对\0").encode()
        yield kind, "two marks", b"\xef\xbb\xbf\xff\xfe" + text.encode()
        yield kind, "a program", b"\x7fELF" + bytes(range(256)) * 4_000
        yield kind, "a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4_000
        yield kind, "a PDF", b"%PDF-1.7\n" + bytes(range(256)) * 4_000
        yield kind, "an archive", b"\x1f\x8b\x08" + bytes(range(256)) * 4_000
        for mark in ("\xef\xbb\xbf", "\u202e", "\x1b[31m", "\x07"):
            yield kind, f"with {mark!a}", text.replace("对", f"对{mark}").encode()
