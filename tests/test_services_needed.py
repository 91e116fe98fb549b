"""A machine that lacks a service gets one line that says so, and how to install it."""

from tests.services_needed import CHROMIUM, POSTGRESQL, summary


def test_what_was_skipped_is_one_line_with_its_remedy() -> None:
    line = summary([f"Skipped: {CHROMIUM}", f"Skipped: {POSTGRESQL}", f"Skipped: {CHROMIUM}"])

    assert line == (
        "Skipped: 2 for want of Chromium (apt-get install chromium), "
        "1 for want of PostgreSQL (apt-get install postgresql)"
    )


def test_nothing_is_said_where_nothing_was_skipped() -> None:
    assert summary([]) == ""
