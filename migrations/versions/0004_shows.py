"""Live events get several creators, a home in Discord's events and Stages, boards, matches, recaps and thanks."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _table(name: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(name, *items, sqlite_strict=True, sqlite_with_rowid=False)


def _of(table: str, *columns: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, [f"{table}.{column}" for column in columns], name=name)


def _index(name: str, table: str, columns: list[Any], *, unique: bool = False, where: str | None = None) -> None:
    only = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)


def upgrade() -> None:
    op.execute("CREATE TABLE live_before AS SELECT * FROM live_events")
    op.drop_table("live_events")
    _create_events()
    _fill_events()
    op.drop_table("live_before")
    _create_boards()
    _create_matches()
    _create_thanks()


def _create_events() -> None:
    _table(
        "live_events",
        _int("guild_id"),
        _int("event_id"),
        _int("channel_id"),
        _int("creator_id"),
        _text("title"),
        _int("goal", null=True),
        _int("started_ms"),
        _int("ends_ms"),
        _int("ended_ms", null=True),
        _int("goal_until_ms", null=True),
        _text("reward"),
        _int("start_seq"),
        _int("closing_ms", null=True),
        _int("paused_ms", null=True),
        _text("origin"),
        _text("outcome"),
        _int("recap_ms", null=True),
        sa.PrimaryKeyConstraint("guild_id", "event_id", name="pk_live_events"),
        _of("guilds", "guild_id", name="fk_live_events_guild_id"),
        _check("ck_live_events_event_lasts", "ends_ms > started_ms"),
        _check("ck_live_events_goal_is_positive", "goal > 0"),
    )
    running = "ended_ms IS NULL"
    _index("uq_live_events_running_channel", "live_events", ["guild_id", "channel_id"], unique=True, where=running)
    _index("ix_live_events_due", "live_events", ["ends_ms"], where=running)
    _index("ix_live_events_untold", "live_events", ["ended_ms"], where="ended_ms IS NOT NULL AND recap_ms IS NULL")
    _index("ix_live_events_ended", "live_events", ["guild_id", "ended_ms"])
    _table(
        "live_creators",
        _int("guild_id"),
        _int("event_id"),
        _int("member_id"),
        _int("joined_ms"),
        _int("left_ms", null=True),
        sa.PrimaryKeyConstraint("guild_id", "event_id", "member_id", name="pk_live_creators"),
        _of("live_events", "guild_id", "event_id", name="fk_live_creators_guild_id_event_id"),
    )
    _index("uq_live_creators_running", "live_creators", ["guild_id", "member_id"], unique=True, where="left_ms IS NULL")

    _table(
        "live_sources",
        _int("guild_id"),
        _text("source"),
        _int("event_id"),
        _int("closed_ms", null=True),
        sa.PrimaryKeyConstraint("guild_id", "source", name="pk_live_sources"),
        _of("live_events", "guild_id", "event_id", name="fk_live_sources_guild_id_event_id"),
    )


def _fill_events() -> None:
    """Keep every event. Of those that ended, the recap was posted; of the others the gifts so far are found again."""
    op.execute(
        """
        INSERT INTO live_events
        SELECT guild_id, event_id, channel_id, creator_id, title, goal, started_ms, ends_ms, ended_ms,
               NULL, '',
               CASE WHEN ended_ms IS NULL THEN coalesce((
                   SELECT seq FROM journal
                   WHERE journal.guild_id = live_before.guild_id AND journal.at_ms < live_before.started_ms
                   ORDER BY seq DESC LIMIT 1), 0)
               ELSE 0 END,
               NULL, NULL, 'command', 'over', ended_ms
        FROM live_before
        """
    )
    op.execute(
        """
        INSERT INTO live_creators
        SELECT guild_id, event_id, creator_id, started_ms, ended_ms FROM live_before
        """
    )


def _create_boards() -> None:
    _table(
        "live_recaps",
        _int("guild_id"),
        _int("event_id"),
        _int("goal_ms", null=True),
        _int("train", null=True),
        _int("combo_sender", null=True),
        _int("combo_creator", null=True),
        _text("combo_name", null=True),
        _text("combo_emoji", null=True),
        _int("combo_pieces", null=True),
        sa.PrimaryKeyConstraint("guild_id", "event_id", name="pk_live_recaps"),
        _of("live_events", "guild_id", "event_id", name="fk_live_recaps_guild_id_event_id"),
    )
    _table(
        "live_boards",
        _int("guild_id"),
        _int("event_id"),
        _int("message_id"),
        _int("posted_ms"),
        _int("made"),
        _flag("closed"),
        sa.PrimaryKeyConstraint("guild_id", "event_id", name="pk_live_boards"),
        _of("live_events", "guild_id", "event_id", name="fk_live_boards_guild_id_event_id"),
        _check("ck_live_boards_closed_is_flag", "closed IN (0, 1)"),
    )
    _table(
        "live_told",
        _int("guild_id"),
        _int("event_id"),
        _text("what"),
        sa.PrimaryKeyConstraint("guild_id", "event_id", "what", name="pk_live_told"),
        _of("live_events", "guild_id", "event_id", name="fk_live_told_guild_id_event_id"),
    )


def _create_matches() -> None:
    _table(
        "live_matches",
        _int("guild_id"),
        _int("match_id"),
        _int("event_id"),
        _int("creator_id"),
        _int("opponent_id"),
        _int("rounds"),
        _flag("frozen"),
        _int("started_ms"),
        _int("ended_ms", null=True),
        sa.PrimaryKeyConstraint("guild_id", "match_id", name="pk_live_matches"),
        _of("live_events", "guild_id", "event_id", name="fk_live_matches_guild_id_event_id"),
        _check("ck_live_matches_match_has_rounds", "rounds > 0"),
        _check("ck_live_matches_frozen_is_flag", "frozen IN (0, 1)"),
    )
    _index("ix_live_matches_event", "live_matches", ["guild_id", "event_id"])


def _create_thanks() -> None:
    _table(
        "thanks",
        _int("guild_id"),
        _int("creator"),
        _int("sender"),
        _flag("anonymous"),
        _int("seq"),
        _int("coins"),
        _int("pieces"),
        sa.PrimaryKeyConstraint("guild_id", "creator", "sender", "anonymous", name="pk_thanks"),
        _of("guilds", "guild_id", name="fk_thanks_guild_id"),
        _check("ck_thanks_anonymous_is_flag", "anonymous IN (0, 1)"),
    )
    _table(
        "thank_yous",
        _int("guild_id"),
        _int("thanks_id"),
        _int("channel_id"),
        _int("creator_id"),
        _text("senders"),
        _int("more"),
        _int("pieces"),
        _int("coins"),
        _int("sent_ms", null=True),
        sa.PrimaryKeyConstraint("guild_id", "thanks_id", name="pk_thank_yous"),
        _of("guilds", "guild_id", name="fk_thank_yous_guild_id"),
    )
    _index("ix_thank_yous_unsent", "thank_yous", ["guild_id"], where="sent_ms IS NULL")
