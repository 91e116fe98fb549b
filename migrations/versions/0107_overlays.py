"""Creators get overlays: their links, what they have shown, and how they are controlled."""

import sqlalchemy as sa
from alembic import op

revision = "0107"
down_revision = "0104"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _table(name: str, *items: sa.Column[int] | sa.Column[str] | sa.CheckConstraint, key: str | None = None) -> None:
    op.create_table(
        name,
        *map(_int, ("guild_id", "creator")),
        *items,
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{name}_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "creator", *([key] if key else []), name=f"pk_{name}"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    # NULL: nothing chosen, so that messages are shown from medium gifts on, and at once.
    op.add_column("guilds", _text("overlay_notes_from", null=True))
    op.add_column("guilds", _int("overlay_holds_since_ms", null=True))
    _table(
        "overlays",
        _int("nr"),
        _flag("paused"),
        _flag("muted"),
        sa.CheckConstraint("paused IN (0, 1)", name=op.f("ck_overlays_paused_is_flag")),
        sa.CheckConstraint("muted IN (0, 1)", name=op.f("ck_overlays_muted_is_flag")),
    )
    _table(
        "overlay_tokens",
        *map(_text, ("scope", "digest")),
        _int("made_ms"),
        _int("seen_ms", null=True),
        _int("revoked_ms", null=True),
        sa.CheckConstraint("scope IN ('view', 'control')", name=op.f("ck_overlay_tokens_scope_is_known")),
        key="scope",
    )
    op.create_index("uq_overlay_tokens_digest", "overlay_tokens", ["digest"], unique=True)
    _table("overlay_controls", _int("nr"), _text("action"), _int("seq", null=True), _int("at_ms"), key="nr")
    _table("overlay_cursors", _text("slot"), *map(_int, ("seq", "at_ms")), key="slot")
