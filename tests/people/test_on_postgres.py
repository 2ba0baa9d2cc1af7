"""Once more on PostgreSQL: what leans on constraints, locks, triggers and the way a database compares."""

from __future__ import annotations

import pytest

from tests.audit.test_service import (  # noqa: F401 - collected here a second time
    entries,
    test_entries_are_numbered_without_gaps_and_the_chain_is_whole,
    test_the_command_needs_a_checkpoint_to_see_a_cut_tail,
    test_the_database_refuses_changes,
)
from tests.people.test_log_in import (  # noqa: F401
    person,
    test_guesses_at_the_same_time_count_one_by_one,
    test_ten_failures_block_the_account_for_a_quarter_of_an_hour,
)
from tests.people.test_service import (  # noqa: F401
    heard,
    test_a_refused_import_row_leaves_nobody_behind,
    test_a_staff_number_is_unique_also_for_two_at_once,
    test_leaving_tells_the_packages_above_who_takes_over,
    test_the_database_itself_refuses_a_self_grant_and_a_self_stand_in,
    test_the_state_of_a_day_is_the_latest_not_after_it_and_the_last_recorded,
    test_work_plans_follow_calendar_company_days_leave_and_roster,
)
from tests.people.test_views import (  # noqa: F401
    as_admin,
    as_hr,
    house,
    test_a_good_file_is_checked_confirmed_and_links_are_printed,
    test_the_directory_shows_hr_everybody_and_finds_by_pinyin_and_number,
)

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("context")]


@pytest.fixture
def app(postgres_url, clock):
    """The application on a fresh PostgreSQL database."""
    from cstrain.app import create_app
    from cstrain.extensions import db
    from tests.conftest import _settings

    application = create_app(_settings(postgres_url), clock)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()
