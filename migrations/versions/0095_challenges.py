"""Staff can hold challenges, in which members collect points for prizes."""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0091"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, integer, nullable=null, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _table(name: str, columns: tuple[sa.Column[int] | sa.Column[str], ...], *key: str, **checks: str) -> None:
    op.create_table(
        name,
        *columns,
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{name}_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", *key, name=f"pk_{name}"),
        *(sa.CheckConstraint(text, name=op.f(f"ck_{name}_{check}")) for check, text in checks.items()),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    _create_challenges()
    _create_standings()
    _create_awards()


def _create_challenges() -> None:
    challenges = (
        *map(_int, ("guild_id", "challenge_id")),
        *map(_text, ("name", "about")),
        *map(_int, ("maker", "days")),
        *(_int(name, null=True) for name in ("starts_ms", "ends_ms", "double_from_ms")),
        _int("double_hours"),
        _flag("is_by_creator"),
        *map(_text, ("sources", "prizes", "zone")),
        _int("channel_id"),
        *(_int(name, null=True) for name in ("posted_ms", "message_id", "over_ms", "result_id")),
    )
    _table(
        "challenges",
        challenges,
        "challenge_id",
        is_by_creator_is_flag="is_by_creator IN (0, 1)",
        end_follows_start="posted_ms IS NULL OR ends_ms > starts_ms",
    )


def _create_standings() -> None:
    days = (
        *map(_int, ("guild_id", "challenge_id", "gifter", "creator", "day")),
        _flag("is_double"),
        *map(_int, ("coins", "pieces")),
    )
    _table(
        "challenge_days",
        days,
        "challenge_id",
        "gifter",
        "creator",
        "day",
        "is_double",
        is_double_is_flag="is_double IN (0, 1)",
        no_more_is_taken_than_given="coins >= 0",
        no_more_pieces_are_taken_than_given="pieces >= 0",
    )
    scores = ("guild_id", "challenge_id", "league", "gifter", "points", "last_ms")
    _table(
        "challenge_scores",
        tuple(map(_int, scores)),
        "challenge_id",
        "league",
        "gifter",
        points_are_not_negative="points >= 0",
    )


def _create_awards() -> None:
    awards = (
        *map(_int, ("guild_id", "challenge_id", "league", "winner", "prize", "place", "points", "role_id")),
        *map(_text, ("badge", "words")),
        _int("coins"),
        _text("coins_state"),
        _int("at_ms"),
    )
    _table(
        "challenge_awards",
        awards,
        "challenge_id",
        "league",
        "winner",
        "prize",
        coins_state_is_known="coins_state IN ('none', 'open', 'given', 'refused')",
    )
    op.create_index("ix_challenge_awards_winner", "challenge_awards", ["guild_id", "winner"])
