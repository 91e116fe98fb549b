"""Menus of roles and channels: one that was chosen and no longer exists is left out, or Discord refuses the page."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.guilds import GuildRules
from bot.domain.periods import PastPeriod
from bot.domain.proofs import MonthlyProof
from bot.services.staff_log import LogPage
from bot.ui.kit.components import Menu
from bot.ui.kit.replies import Reply
from bot.ui.text.reader import reader_for
from cogs.settings import chests, clubs, levels, proofs, staff_log

READER = reader_for("en-US")
GUILD, MIA, GONE = 7, 12, 55
PROOF = MonthlyProof(GUILD, PastPeriod(2026_02), 1, bytes(32), 0, 0, 0, 0, 0, 0, 0, 0, 0)


def menu_of(page: Reply) -> Menu:
    """Return the first menu of a page."""
    return next(item for item in page.items if isinstance(item, Menu))


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            lambda: chests.page_of(replace(GuildRules(GUILD), sponsor_role_id=GONE), READER, None), id="sponsors"
        ),
        pytest.param(lambda: clubs.club_page_of({MIA: GONE}, MIA, READER, None), id="fan club"),
        pytest.param(lambda: levels.level_page_of({3: GONE}, 3, READER, None), id="level"),
        pytest.param(lambda: proofs.page_of(PROOF, GONE, READER, None), id="monthly proof"),
        pytest.param(lambda: staff_log.page_of(LogPage((), 0, 0, GONE), READER, None), id="staff log"),
    ],
)
def test_what_no_longer_exists_is_not_chosen_in_its_menu(page: Callable[[], Reply]) -> None:
    assert "default_values" not in menu_of(page()).payload()
