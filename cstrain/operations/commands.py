"""Commands for those who run the product: set up, serve, upgrade, back up, restore, check."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app, url_for

from cstrain.cli_context import application, shell, with_app
from cstrain.config import Settings
from cstrain.extensions import now
from cstrain.kernel.ids import new_token
from cstrain.operations import backup as backups
from cstrain.operations import checks, job_runner, matrix, serving
from cstrain.operations import init as setting_up
from cstrain.operations.errors import OperationError
from cstrain.promotion.editions import queries as editions

_FILE = click.Path(path_type=Path, dir_okay=False)


def _make_data_dir(settings: Settings) -> None:
    """Make the folder of the embedded database; what is made in this process is for its owner alone."""
    os.umask(0o077)
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)


def log_to_stderr() -> None:
    """Send the log of a long-running command to stderr, one line each."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


@click.command()
@click.option("--staff-no", prompt="Staff number of the first administrator", help="Such as A0001.")
@click.option("--name", prompt="Name of the first administrator", help="As colleagues know them.")
def init(staff_no: str, name: str) -> None:
    """Set up the database, what ships with the product and the first administrator.

    Prints a one-time link with which the administrator chooses a password. Running it again brings the
    database up to date and issues that administrator a new link; it changes nothing else.

    \b
    Example:
      cstrain init --staff-no A0001 --name 王敏
    """
    settings = shell().settings()
    _make_data_dir(settings)
    with application(settings):
        _say_added(setting_up.bring_up_to_date(now()))
        first = setting_up.first_administrator(now(), staff_no, name)
        click.echo(f"administrator: {first.staff_no}")
        click.echo(f"one-time link (valid for three days): {_link(settings, first.token)}")
    click.echo("next: cstrain serve")


def _link(settings: Settings, token: str) -> str:
    base = settings.public_url or "http://127.0.0.1:8000"
    with current_app.test_request_context(base_url=base):
        return base + url_for("people.redeem_link", token=token)


def _say_added(added: dict[str, int]) -> None:
    found = ", ".join(f"{count} {name}" for name, count in added.items() if count)
    click.echo(f"loaded: {found}" if found else "everything is up to date")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the product until Ctrl-C or SIGTERM; put a TLS proxy in front of it.

    Refuses a missing or weak key, a database that is behind, and one that could forget what it acknowledged.

    \b
    Example:
      cstrain serve --host 127.0.0.1 --port 8000
    """
    log_to_stderr()
    settings = shell().settings()
    with application(settings) as app:
        serving.demand_ready()
        door = serving.listen(host, port)
        serving.serve(
            app,
            door,
            settings,
            serving.Course(said=lambda: click.echo(f"serving on {serving.address_of(door)}")),
        )


@click.command()
@with_app
def upgrade() -> None:
    """Bring the database and the shipped content to this release. Make a backup first.

    Ends with 1 when this release cannot apply rules that the company approved itself: each is named with its
    line. Go back to the release before (and its backup), or have those rules changed there first.

    \b
    Example:
      cstrain backup before-upgrade.bak && cstrain upgrade
    """
    _say_added(setting_up.bring_up_to_date(now()))
    faults = editions.inapplicable()
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        raise OperationError(
            "this release cannot apply these rules, which the company approved itself: do not serve with it"
        )


@click.command()
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def backup(file: Path, force: bool) -> None:
    """Write a consistent, verified copy of the database to FILE, also while the server runs.

    \b
    Example:
      cstrain backup /backup/cstrain-2026-11-21.bak
    """
    here = shell()
    checked = backups.backup(here.settings(), here.make_app, file, force=force)
    click.echo(f"{file}: schema {checked.step}, {checked.entries} audit entries, head {checked.head}")


@click.command()
@click.argument("file", type=_FILE)
def restore(file: Path) -> None:
    """Put a backup in the database's place. Refuses while a server runs; keeps the old database.

    \b
    Example:
      cstrain restore /backup/cstrain-2026-11-21.bak
    """
    here = shell()
    done = backups.restore(here.settings(), here.make_app, file, datetime.now(UTC))
    click.echo(f"restored: {done.checked.entries} audit entries, head {done.checked.head}")
    if done.kept:
        click.echo(f"the database of before is kept as {done.kept}")


@click.command()
@click.option("--no-tests", is_flag=True, help="Only the static checks.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def check(no_tests: bool, pytest_arguments: tuple[str, ...]) -> None:
    """Run all static checks and tests of a source checkout; arguments after -- go to pytest.

    \b
    Example:
      cstrain check
      cstrain check --no-tests
      cstrain check -- tests/exams -k lease
    """
    checks.checkout()
    outcomes = []
    for each in checks.STATIC if no_tests else (*checks.STATIC, checks.TESTS):
        outcome = checks.run(each, pytest_arguments if each is checks.TESTS else ())
        if not outcome.passed and outcome.output:
            click.echo(outcome.output, err=True)
        outcomes.append(outcome)
    for outcome in outcomes:
        word = "ok" if outcome.passed else "FAILED"
        click.echo(f"{outcome.name:<18} {word:<7} {outcome.seconds:6.1f} s")
    if not all(outcome.passed for outcome in outcomes):
        raise SystemExit(1)


@click.group()
def jobs() -> None:
    """What happens as time passes (the server does it by itself).

    \b
    Example:
      cstrain jobs run
    """


@jobs.command()
def run() -> None:
    """Run every job once: expired attempts, reminders, mail.

    \b
    Example:
      cstrain jobs run
    """
    log_to_stderr()
    with application() as app:
        failed = job_runner.run_all(app)
    for name, why in failed.items():
        click.echo(f"{name}: {why}", err=True)
    if failed:
        raise SystemExit(1)
    click.echo("all jobs done")


@click.command()
@click.option("--write", is_flag=True, help="Bring docs/permissions.md of the checkout up to date.")
def permissions(write: bool) -> None:
    """Print who may do what: every route by role. Needs no database and no key.

    \b
    Example:
      cstrain permissions
      cstrain permissions --write
    """
    settings = Settings(database_url="sqlite:///:memory:", secret_key=new_token())
    text = matrix.document(shell().make_app(settings))
    if not write:
        click.echo(text)
        return
    path = checks.checkout() / "docs" / "permissions.md"
    path.write_text(text, encoding="utf-8")
    click.echo(f"written: {path}")
