"""Messages that were posted before there were layouts stay embeds."""

from pathlib import Path

import pytest

from bot.domain.live_displays import BoardMessage
from bot.domain.match import CardMessage
from bot.domain.posts import PostForm
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import announcements, live_displays, matches
from tests.storage.test_deadlines_migration import live_event
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import CHANNEL, GUILD, MIA, NOAH, NOON

pytestmark = pytest.mark.databases("sqlite")


def test_what_stands_in_channels_stays_an_embed(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0013"))
    insert(file, "guilds", (GUILD, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None))
    insert(file, "live_events", live_event(900, None, None, None))
    insert(file, "live_boards", (GUILD, 900, 77, NOON, 1, 0))
    insert(file, "announcements", (GUILD, CHANNEL, 5, 1, 2, "totals", NOON, NOON, 0, 2, 2, 901, NOON, 0, 0))

    old_database(file, "0015")
    for match_id, message_id in ((5, 902), (6, None)):
        row = (GUILD, match_id, CHANNEL, MIA, NOAH, 1, 0, NOON, None, message_id)
        insert(file, "match_invitations", row)

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        board = live_displays.board(c, GUILD, 900)
        (post,) = announcements.below(c, GUILD, [5])
        cards = [matches.card_message(c, GUILD, match_id) for match_id in (5, 6)]
        matches.save_card(c, GUILD, 6, 903)
        new_card = matches.card_message(c, GUILD, 6)
    engine.dispose()
    assert (cards, new_card) == ([CardMessage(902, is_layout=False), None], CardMessage(903, is_layout=True))
    assert board == BoardMessage(77, NOON, 1, closed=False, is_layout=False)
    assert (post.message_id, post.form, post.is_layout) == (901, PostForm.TOTALS, False)
