"""Where each fault that candidates may meet is tested, and on what: the list is kept true by these tests.

``api``: through the application, SQLite and PostgreSQL. ``process``: real servers, SQLite and PostgreSQL.
``browser``: a real Chromium. ``machine``: the random state machine (seeded; both databases). All random tests
print or fix their seed.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

WHERE = {
    "server killed before and after the commit": "faults/test_processes.py::test_killed_around_the_commit",
    "server killed under load": "faults/test_kill.py::test_no_acknowledged_answer_is_lost",
    "postmaster and backends killed": "faults/test_processes.py::test_a_killed_postmaster",
    "browser killed, same profile": "browser/test_hardened.py::test_a_killed_browser_gives_everything_back",
    "browser killed, another device": "browser/test_hardened.py::test_a_killed_browser_gives_what_was_saved",
    "reload in save": "browser/test_hardened.py::test_a_reload_while_an_answer_is_on_its_way",
    "back button": "browser/test_hardened.py::test_going_back_and_forward",
    "duplicate tab": "browser/test_player_faults.py::test_a_copied_tab",
    "restore closed tab": "browser/test_player_faults.py::test_a_crashed_page",
    "take-over and take-back": "browser/test_hardened.py::test_taken_over_and_taken_back",
    "two devices": "exams/test_state_machine.py::test_two_devices_in_any_order",
    "logout in another tab": "faults/test_scenarios.py::test_logging_out_in_another_tab",
    "password change": "faults/test_scenarios.py::test_a_password_changed_elsewhere",
    "account disabled": "faults/test_scenarios.py::test_a_closed_account",
    "role change": "faults/test_scenarios.py::test_a_role_given_during_the_exam",
    "session expiry": "faults/test_scenarios.py::test_a_session_that_ran_out",
    "another user signs in": "faults/test_scenarios.py::test_somebody_else_who_signs_in",
    "another user signs in, in the browser": "browser/test_player_faults.py::test_a_session_that_ended",
    "network cut of ten minutes": "browser/test_hardened.py::test_ten_minutes_without_network",
    "network cut past the end": "browser/test_player_faults.py::test_time_runs_out_offline",
    "network, server and requests at random": "exams/test_state_machine.py::test_random_faults",
    "response lost": "browser/test_player_faults.py::test_a_lost_response",
    "proxy duplicates POST": "exams/test_concurrency.py::test_a_batch_that_a_proxy_doubles",
    "gzip bomb": "faults/test_scenarios.py::test_a_gzip_bomb",
    "1 MB essay": "faults/test_scenarios.py::test_an_essay_of_a_megabyte",
    "IME composition unfinished at expiry": "browser/test_hardened.py::test_an_unfinished_word",
    "naughty strings": "faults/test_scenarios.py::test_whatever_is_pasted",
    "clock jumps": "browser/test_hardened.py::test_a_device_clock_that_jumps",
    "DST and the deadline's millisecond": "exams/test_deadlines.py::test_what_arrives_at_the_deadline",
    "zone of the process": "exams/test_deadlines.py::test_the_zone_of_the_whole_process",
    "extra time live": "faults/test_scenarios.py::test_minutes_given_during_the_exam",
    "extra time live, in the browser": "browser/test_player.py::test_extra_time_reaches",
    "window shortened live": "exams/test_deadlines.py::test_the_window_shortened",
    "item retired live": "faults/test_scenarios.py::test_a_question_retired_during_the_exam",
    "key corrected live": "faults/test_scenarios.py::test_a_key_corrected_during_the_exam",
    "two graders, same script": "faults/test_scenarios.py::test_two_examiners",
    "export during exam": "faults/test_scenarios.py::test_what_a_candidate_takes_away_during_the_exam",
    "backup during exam": "faults/test_processes.py::test_a_backup_during_the_exam",
    "migration during exam": "faults/test_processes.py::test_an_upgrade_during_the_exam",
    "restart during exam": "faults/test_processes.py::test_a_restart_during_the_exam",
    "disk full": "faults/test_processes.py::test_a_full_disk",
    "disk full, PostgreSQL": "faults/test_full_disk.py::test_a_full_disk",
    "two browsers at random": "browser/test_interleavings.py::test_two_browsers",
    "one browser and faults at random": "browser/test_interleavings.py::test_one_browser",
    "idle page loses the lease": "browser/test_news.py::test_an_idle_page",
    "service worker": "browser/test_hardened.py::test_ten_minutes_without_network",
    "fifty starts and submissions at once": "exams/test_concurrency.py::test_fifty_submissions",
    "constraints taken away": "exams/test_constraints.py::test_without_either",
}
"""What does not apply: Redis (there is none); a grader offline (points are forms of a page)."""


def names_in(file: str) -> list[str]:
    """Return the names of the tests of a module, without importing it."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("scenario", sorted(WHERE))
def test_the_scenario_is_tested_where_the_list_says(scenario) -> None:
    file, _, begins = WHERE[scenario].partition("::")
    found = [name for name in names_in(file) if name.startswith(begins)]
    assert len(found) == 1, f"{scenario}: {found} begin with {begins} in {file}"
