"""Compares every statistic with the known answers of ``psychometrics/gold.json``, figure by figure.

``python -m benchmarks.psychometrics [--fixtures ../shared/fixtures]``. The files are not part of the project.

Tolerance is 1e-6 relative, as the answers say, but for two where the answers are less exact than that.
Livingston-Lewis (1e-3): they come from R's ``integrate`` at its default tolerance on a density that is
infinite at one end. At 30 digits the same integrals are 0.8850637, 0.8389600, 0.6722756 (cut 10) and
0.9040878, 0.8698403, 0.7028858 (cut 12): accuracy, consistency and kappa of the four-parameter fit as they
are here. Rasch (1e-5): eRm stops its optimiser there; the likelihood at our difficulties is the higher one.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from cstrain.exams import parallel
from cstrain.grading.responses import read_key, read_responses, sheet_of_letters, sheet_of_marks
from cstrain.grading.statistics import agreement
from cstrain.grading.statistics.analysis import Analysis, analyse
from cstrain.grading.statistics.consistency import Decision, decision, subkoviak
from cstrain.grading.statistics.dif import mantel_haenszel
from cstrain.grading.statistics.exact import mean, variance
from cstrain.grading.statistics.rasch import rasch
from cstrain.grading.statistics.true_scores import TrueScores, effective_length, fit

FIXTURES = Path(__file__).parent.parent.parent / "shared" / "fixtures"
EXACT, OPTIMISED, INTEGRATED = 1e-6, 1e-5, 1e-3


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure beside its known answer."""

    name: str
    ours: float
    known: float
    tolerance: float = EXACT

    @property
    def apart(self) -> float:
        """The relative difference (absolute for answers below 1)."""
        return abs(self.ours - self.known) / max(1.0, abs(self.known))

    @property
    def good(self) -> bool:
        """Whether they differ by no more than the tolerance."""
        return self.apart <= self.tolerance


Rows = list[list[str]]


def compare(fixtures: Path = FIXTURES) -> Iterator[Comparison]:
    """Yield every figure of the known answers beside ours."""
    folder = fixtures / "psychometrics"
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    yield from _lsat6(folder, gold["lsat6"])
    yield from _multiple_choice(folder, gold["ctt_mcq_100x20"])
    yield from _parameters(gold["livingston_lewis_params"])
    yield from _agreement(folder, gold["agreement"])
    yield from _dif(folder, gold["dif"])
    if parallel.available():
        yield from _assembly(folder, gold["ata"])


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _each(
    name: str, ours: Sequence[float | None], known: Sequence[float], tolerance: float = EXACT
) -> Iterator[Comparison]:
    for number, pair in enumerate(zip(ours, known, strict=True), start=1):
        yield Comparison(f"{name} {number}", _there(pair[0]), pair[1], tolerance)


def _there(value: float | None) -> float:
    return float("nan") if value is None else value


def _questions(found: Analysis, name: str) -> list[float | None]:
    return [question.figures[name].value for question in found.questions]


def _lsat6(folder: Path, gold: Mapping[str, Any]) -> Iterator[Comparison]:
    head, *patterns = _rows(folder / gold["file"])
    people = [row[:5] for row in patterns for _ in range(int(row[5]))]
    found = analyse(sheet_of_marks(read_responses([head[:5], *people])))
    yield Comparison("lsat6 n", found.n, gold["n"])
    yield from _each("lsat6 facility", _questions(found, "facility"), gold["p"])
    yield Comparison("lsat6 mean", _there(found.figures["mean"].value), gold["mean_total"])
    spread = variance(found.totals)
    yield Comparison("lsat6 variance n-1", float(spread), gold["var_total_n1"])
    yield Comparison("lsat6 variance n", float(spread * (found.n - 1) / found.n), gold["var_total_n"])
    for name, known in (("alpha", "alpha_kr20"), ("kr20", "alpha_kr20"), ("kr21", "kr21")):
        yield Comparison(f"lsat6 {name}", _there(found.figures[name].value), gold[known])
    yield from _each("lsat6 discrimination", _questions(found, "discrimination"), gold["r_drop"])
    fitted = rasch([[int(cell) for cell in row] for row in people])
    assert fitted is not None
    yield from _each("lsat6 rasch", fitted.difficulties, gold["rasch_cml_difficulty_sum0"], OPTIMISED)
    yield Comparison("lsat6 rasch log-likelihood", fitted.likelihood, gold["rasch_cml_loglik"])


def _multiple_choice(folder: Path, gold: Mapping[str, Any]) -> Iterator[Comparison]:
    responses = read_responses(_rows(folder / gold["file"]))
    key = read_key(_rows(folder / gold["key"]), responses.questions)
    sheet = sheet_of_letters(responses, key)
    found = analyse(sheet)
    for name, known in (
        ("alpha", "alpha"),
        ("kr21", "kr21"),
        ("mean", "mean"),
        ("sd", "sd_n1"),
        ("sem", "sem"),
    ):
        yield Comparison(f"mcq {name}", _there(found.figures[name].value), gold[known])
    totals = [float(row[0]) for row in _rows(folder / gold["totals"])[1:]]
    yield from _each("mcq total", [float(total) for total in found.totals], totals)
    yield from _each("mcq facility", _questions(found, "facility"), gold["p"])
    yield from _each("mcq discrimination", _questions(found, "discrimination"), gold["r_drop"])
    yield from _decisions(found, gold)
    for cut in (8, 10, 12):
        at = analyse(sheet, Fraction(cut)).figures
        for name in ("lord", "keats"):
            if f"{name}_at_{cut}" in gold["conditional_sem"]:
                known = gold["conditional_sem"][f"{name}_at_{cut}"]
                yield Comparison(f"mcq csem {name} at {cut}", _there(at[f"csem_{name}"].value), known)


def _decisions(found: Analysis, gold: Mapping[str, Any]) -> Iterator[Comparison]:
    alpha, simple = _there(found.figures["alpha"].value), _there(found.figures["kr21"].value)
    marks = [float(total) for total in found.totals]
    length = effective_length(float(mean(found.totals)), float(variance(found.totals)), 20, alpha)
    assert length is not None
    answers = gold["livingston_lewis"]
    yield Comparison("mcq effective length", length, answers["etl"])
    for model, four in (("4P", True), ("2P", False)):
        scores = fit(marks, 20, length, four=four)
        assert scores is not None
        ends = {"alpha": scores.alpha, "beta": scores.beta, "l": scores.low, "u": scores.high}
        for name in ends.keys() & answers[model].keys():
            yield Comparison(f"mcq LL {model} {name}", ends[name], answers[model][name])
        for cut in (10, 12):
            for name, value in _parts(decision(scores, length, cut / 20)).items():
                answer = answers[model][f"cut{cut}"][name]
                yield Comparison(f"mcq LL {model} cut {cut} {name}", value, answer, INTEGRATED)
    right = [int(total) for total in found.totals]
    for name, answer in gold["subkoviak_formula_only_not_independent"].items():
        cut = int(name[3:5])
        sitting = subkoviak(right, 20, simple if name.endswith("21") else alpha, cut)
        assert sitting is not None
        ours = {"p0": sitting.consistency, "pc": sitting.chance, "kappa": sitting.kappa}
        for known, value in answer.items():
            yield Comparison(f"mcq Subkoviak {name} {known}", _there(ours[known]), value)


def _parameters(gold: Mapping[str, Any]) -> Iterator[Comparison]:
    scores = TrueScores(gold["alpha"], gold["beta"], gold["l"], gold["u"])
    at = decision(scores, gold["etl"], gold["cut"] / gold["max"])
    for name, value in _parts(at).items():
        yield Comparison(f"LL parameters {name}", value, gold[name])


def _parts(at: Decision) -> dict[str, float]:
    return {"accuracy": at.accuracy, "p": at.consistency, "p_c": at.chance, "kappa": _there(at.kappa)}


def _agreement(folder: Path, gold: Mapping[str, Any]) -> Iterator[Comparison]:
    anxiety = gold["anxiety"]
    table = [[int(cell) for cell in row] for row in _rows(folder / anxiety["file"])[1:]]
    first, second, _third = zip(*table, strict=True)
    ours = {
        "icc_A1": agreement.icc_agreement(table),
        "icc_Ak": agreement.icc_agreement(table, mean=True),
        "icc_C1": agreement.icc_consistency(table),
        "icc_1": agreement.icc_one_way(table),
        "kendall_W": agreement.kendall_w(table),
    }
    for name, value in ours.items():
        yield Comparison(f"anxiety {name}", _there(value), anxiety[name])
    kappas = {
        "unweighted": agreement.cohen(first, second),
        "linear": agreement.weighted(first, second, power=1),
        "quadratic": agreement.weighted(first, second, power=2),
    }
    for name, value in kappas.items():
        yield Comparison(f"anxiety kappa {name}", _there(value), anxiety["kappa12"][name])
    yield from _diagnoses(folder, gold["diagnoses"])


def _diagnoses(folder: Path, gold: Mapping[str, Any]) -> Iterator[Comparison]:
    rows = _rows(folder / gold["file"])[1:]
    columns = list(zip(*rows, strict=True))
    ours = {
        "cohen_12": agreement.cohen(columns[0], columns[1]),
        "cohen_23": agreement.cohen(columns[1], columns[2]),
        "fleiss": agreement.fleiss(rows),
        "fleiss_z": agreement.fleiss_z(rows),
        "light": agreement.light(rows),
    }
    for name, value in ours.items():
        yield Comparison(f"diagnoses {name}", _there(value), gold[name])
    each = {grade.split(". ")[1]: kappa for grade, kappa in agreement.fleiss_by_grade(rows).items()}
    for name, answer in gold["category"].items():
        yield Comparison(f"diagnoses {name}", round(_there(each[name]), 3), answer)


def _dif(folder: Path, gold: Mapping[str, Any]) -> Iterator[Comparison]:
    head, *rows = _rows(folder / gold["file"])
    focal = [row[head.index("Gender")] == "1" for row in rows]
    totals = [sum(int(cell) for cell in row[:24]) for row in rows]
    for place, (name, chi2, alpha, delta) in enumerate(_rows(folder / gold["gold"])[1:]):
        found = mantel_haenszel([row[place] == "1" for row in rows], totals, focal)
        assert found is not None
        yield Comparison(f"dif {name} chi2", found.chi2, float(chi2))
        yield Comparison(f"dif {name} alpha", found.alpha, float(alpha))
        yield Comparison(f"dif {name} delta", found.delta, float(delta))


def _assembly(folder: Path, gold: Mapping[str, Any]) -> Iterator[Comparison]:
    head, *rows = _rows(folder / gold["eatata_mini"]["file"])
    easiness = {int(row[0]): 1 / (1 + math.exp(1.7 * float(row[head.index("difficulty")]))) for row in rows}
    plain = {int(row[0]): 1 / (1 + math.exp(float(row[head.index("difficulty")]))) for row in rows}
    items = [
        parallel.Item(
            int(row[0]),
            {
                "time": float(row[head.index("time")]),
                "scaled": 1.7**2 * easiness[int(row[0])] * (1 - easiness[int(row[0])]),
                "plain": plain[int(row[0])] * (1 - plain[int(row[0])]),
            },
        )
        for row in rows
    ]
    kinds: dict[str, set[int]] = {}
    for row in rows:
        kinds.setdefault(row[head.index("format")], set()).add(int(row[0]))
    window = [parallel.Limit("time", 475, 485)]
    published = parallel.Problem(items, 10, limits=window, maximise=[parallel.Goal("scaled")])
    counts = {"mc": 5, "open": 3, "order": 2}
    shares = [parallel.Share(frozenset(kinds[kind]), count, count) for kind, count in counts.items()]
    variant = parallel.Problem(
        items, 10, shares=shares, limits=[parallel.Limit("time", high=400)], maximise=[parallel.Goal("plain")]
    )
    for name, problem in (("eatata_mini", published), ("rasch_variant", variant)):
        found, answer = parallel.solve(problem), gold[name]
        yield Comparison(f"ata {name} optimum", found.value, answer["optimum"])
        yield from _each(
            f"ata {name} item", [float(each) for each in sorted(found.forms[0])], answer["items"]
        )
        if "time" in answer:
            time = sum(item.adds["time"] for item in items if item.id in found.forms[0])
            yield Comparison(f"ata {name} time", time, answer["time"])


def main() -> int:
    """Print every figure; return 1 when one is outside its tolerance."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    folder = parser.parse_args().fixtures
    if not (folder / "psychometrics" / "gold.json").exists():
        print(f"no known answers at {folder}", file=sys.stderr)
        return 1
    found = list(compare(folder))
    for each in found:
        sign = "ok " if each.good else "BAD"
        figures = f"{each.ours:18.12g} {each.known:18.12g} {each.apart:9.1e} <= {each.tolerance:g}"
        print(f"{sign} {each.name:42} {figures}")
    bad = sum(not each.good for each in found)
    print(f"{len(found)} figures, {bad} outside their tolerance")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
