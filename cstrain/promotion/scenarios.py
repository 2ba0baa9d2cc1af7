"""Runs the scenario cases of the ladders for ``cstrain policy check``; a failure names its clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cstrain.judgement.assess import assess
from cstrain.judgement.ladder import Ladder
from cstrain.judgement.scenario import Scenario, ScenarioFile, differences, dossier_of
from cstrain.kernel.finding import State
from cstrain.policies.loader import SHIPPED
from cstrain.policies.yaml_source import Document, Fault, SourceError, Where, read, validate
from cstrain.promotion.ladders import read_all

FOLDER = "scenarios"
_WORDS = {State.MET: "满足", State.NOT_MET: "未满足", State.UNKNOWN: "待确认"}


def run_all() -> int:
    """Run every shipped scenario file; returns their number, raises ``SourceError`` with all that fail."""
    ladders = read_all()
    faults: list[Fault] = []
    files = sorted((SHIPPED / FOLDER).glob("*.yaml"))
    for path in files:
        try:
            faults.extend(run(read(path, file=f"{FOLDER}/{path.name}"), ladders))
        except SourceError as error:
            faults.extend(error.faults)
    if faults:
        raise SourceError(tuple(faults))
    return len(files)


def run(document: Document, ladders: Iterable[Ladder]) -> tuple[Fault, ...]:
    """Run one file's scenarios; returns what differs, with the line. Raises ``SourceError`` if unreadable."""
    cases = validate(ScenarioFile, document)
    ladder = next((one for one in ladders if (one.ref, one.edition) == (cases.ladder, cases.edition)), None)
    if ladder is None:
        missing = f"没有“{cases.ladder}”第{cases.edition}版这个晋升通道，请检查名称和版本。"
        raise SourceError((document.fault(("ladder",), missing),))
    found: list[Fault] = []
    for number, scenario in enumerate(cases.scenarios):
        found.extend(_failures(scenario, ladder, document, ("scenarios", number)))
    return tuple(found)


def _failures(scenario: Scenario, ladder: Ladder, document: Document, where: Where) -> Iterator[Fault]:
    step = ladder.step_to(scenario.start, scenario.goal)
    if step is None:
        yield document.fault(where, f"场景“{scenario.name}”：这个通道没有这一步，请检查from和to。")
        return
    known = {one.clause for one in step.criteria}
    for clause in scenario.clauses:
        if clause not in known:
            place = (*where, "clauses", clause)
            yield document.fault(place, f"场景“{scenario.name}”：这一步没有条款“{clause}”，请检查写法。")
    assessment = assess(step.criteria, dossier_of(scenario, step))
    findings = {one.clause: one for one in assessment.findings}
    states = {clause: one.state for clause, one in findings.items()}
    for clause, (want, got) in differences(scenario, states, assessment.state).items():
        differs = f"应为{_WORDS[want]}，算出来是{_WORDS[got]}"
        if clause == "state":
            yield document.fault((*where, "state"), f"场景“{scenario.name}”：总的结论{differs}。")
        else:
            place = (*where, "clauses", clause)
            says = findings[clause].says
            yield document.fault(place, f"场景“{scenario.name}”：条款“{clause}”{differs}（{says}）")
