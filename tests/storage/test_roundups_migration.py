"""The way to notes that are kept by message: totals that stand below messages lead to all their notes after it, too."""

from pathlib import Path

from bot.domain.posts import PostForm
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import announcements
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import CHANNEL, GUILD, NOON

MESSAGE = 77


def test_messages_stay_as_they_were_and_totals_keep_their_notes(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0010"))
    insert(file, "guilds", (GUILD, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None))
    rows = [(GUILD, seq, "gift", f"key {seq}", 1, NOON, "{}", b"\0" * 32, b"\1" * 32) for seq in (1, 2, 3)]
    insert(file, "journal", *rows)
    insert(file, "notes", (GUILD, 1, "first"), (GUILD, 3, "third"))
    insert(file, "message_gifts", (GUILD, MESSAGE, 1), (GUILD, MESSAGE, 2), (GUILD, MESSAGE, 3))
    times = (NOON, NOON, 0, 1, 2, 900, NOON)
    insert(
        file,
        "announcements",
        (GUILD, CHANNEL, MESSAGE, 1, 3, "totals", *times, 0),
        (GUILD, CHANNEL, 0, 1, 3, "shared", *times, 0),
    )

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        posts = announcements.known(c, GUILD, NOON)
        notes = announcements.notes_of(c, GUILD, CHANNEL, 1)
    engine.dispose()
    assert {(post.form, post.last_seq, post.shown_seq, post.message_id, post.roundup) for post in posts} == {
        (PostForm.TOTALS, 3, 2, 900, 0), (PostForm.SHARED, 3, 2, 900, 0),
    }  # fmt: skip
    assert notes == [1, 3]
