"""What stands beside the code says the same as the code: README, CI, settings, lock, changes."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from cstrain.config import variable_names
from tests.web.verdict import none_of

ROOT = Path(__file__).parent.parent.parent
SETTING = re.compile(r"CSTRAIN_[A-Z0-9_]+")


def blocks(name: str) -> list[str]:
    return re.findall(
        r"^```sh\n(.*?)^```$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def test_the_first_two_blocks_of_the_readme_are_the_two_commands():
    demo, check, *_rest = blocks("README.md")
    assert demo.rstrip().endswith(".venv/bin/cstrain demo")
    assert check.rstrip().endswith(".venv/bin/cstrain check")
    assert demo.splitlines()[:-1] == check.splitlines()[:-1]


def test_both_readmes_give_the_same_commands():
    assert blocks("README.md")[:2] == blocks("README.zh-CN.md")[:2]


def test_ci_runs_the_readmes_test_command_itself():
    script = (ROOT / ".ci" / "run").read_text()
    assert "README.md" in script
    assert "code_block 2" in script
    assert "set -euo pipefail" in script
    for name in (
        "CSTRAIN_REQUIRE_BROWSER=1",
        "CSTRAIN_REQUIRE_POSTGRES=1",
        "chromium",
        "fonts-noto-cjk",
        "postgresql",
    ):
        assert name in script
    second = subprocess.run(
        ["bash", "-c", f"cd {ROOT}; source <(sed -n '/^code_block()/,/^}}/p' .ci/run); code_block 2"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert second.stdout == blocks("README.md")[1]


def test_every_page_that_code_or_a_policy_names_is_in_the_house():
    named = re.compile(r"docs/[a-z/_.-]+\.md")
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for folder in ("cstrain", "tests", "benchmarks")
        for suffix in ("*.py", "*.yaml")
        for path in (ROOT / folder).rglob(suffix)
        for name in named.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / name).exists()
    }
    none_of(missing)


@pytest.mark.parametrize("name", [".ci/run", ".ci/wheel"])
def test_scripts_are_executable_and_parse(name):
    assert (ROOT / name).stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(ROOT / name)], check=True)


def test_every_setting_is_documented():
    documented = set(SETTING.findall((ROOT / "docs" / "operators.md").read_text(encoding="utf-8")))
    none_of(set(variable_names()) - documented)


def test_every_setting_the_code_names_exists():
    known = {*variable_names(), "CSTRAIN_REQUIRE_BROWSER", "CSTRAIN_REQUIRE_POSTGRES"}
    known |= {"CSTRAIN_TEST_PG_URL", "CSTRAIN_CHROMIUM"}
    for path in [*(ROOT / "cstrain").rglob("*.py"), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        unknown = set(SETTING.findall(path.read_text(encoding="utf-8"))) - known
        assert not unknown, f"{path}: {unknown}"


def test_the_lock_names_no_host_and_hashes_everything():
    lock = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"://|--(extra-)?index-url|--find-links|@ ", lock)
    pins = re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)
    assert len(pins) > 50
    assert lock.count("--hash=sha256:") >= len(pins)
    assert not list(ROOT.glob("uv.lock")) + list(ROOT.glob("pylock*.toml")) or _ignored("uv.lock")


def _ignored(name: str) -> bool:
    return name in (ROOT / ".gitignore").read_text().splitlines()


def test_everything_declared_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[<>=~! ]", each)[0].lower().replace("_", "-") for each in wanted}
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    none_of(names - locked)


def test_no_tracked_file_names_a_registry():
    for name in ("pyproject.toml", ".ci/run", ".ci/wheel", "README.md", "README.zh-CN.md"):
        assert not re.search(
            r"pypi\.org|index-url|find-links|mirror",
            (ROOT / name).read_text().replace("mirrors have bad", ""),
        ), name


def test_the_version_has_its_place_in_the_changes():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("name", ["templates", "question_banks", "migrations"])
def test_top_level_folders_travel_in_the_wheel(name):
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"][name] == f"cstrain/_bundled/{name}"


def test_links_between_documents_lead_somewhere():
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} -> {target}"
