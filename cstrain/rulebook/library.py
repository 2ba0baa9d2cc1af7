"""The shipped documents, read once through the strict YAML reader."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cstrain.policies
from cstrain.policies import yaml_source
from cstrain.rulebook.policy import Document

FOLDER = Path(cstrain.policies.__file__).parent / "shipped" / "documents"


@cache
def load_documents(folder: Path = FOLDER) -> tuple[Document, ...]:
    """Return every edition in a folder, by reference and edition.

    Raises ``SourceError`` with file and line for a fault in any of them, or an edition given twice.
    """
    found: dict[tuple[str, int], Document] = {}
    faults: list[yaml_source.Fault] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            source = yaml_source.read(path)
            document = yaml_source.validate(Document, source)
        except yaml_source.SourceError as error:
            faults += error.faults
            continue
        key = (document.ref, document.edition)
        if key in found:
            faults.append(
                source.fault(("edition",), f"“{document.ref}”第{document.edition}版已经有了，请改版次。")
            )
        found[key] = document
    if faults:
        raise yaml_source.SourceError(tuple(faults))
    return tuple(found[key] for key in sorted(found))
