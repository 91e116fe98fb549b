"""Members may apply to become creators, and there is more that members are told with their next reply."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0067"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, integer, nullable=null, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def upgrade() -> None:
    op.create_table(
        "creator_applications",
        *map(_int, ("guild_id", "member_id", "application_id")),
        _text("answers"),
        _int("applied_ms"),
        _flag("announced"),
        _int("declined_ms", null=True),
        _int("declined_by"),
        _text("reason"),
        sa.PrimaryKeyConstraint("guild_id", "member_id", name="pk_creator_applications"),
        sa.UniqueConstraint("guild_id", "application_id", name="uq_creator_applications_guild_id_application_id"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_creator_applications_guild_id"),
        sa.CheckConstraint("announced IN (0, 1)", name=op.f("ck_creator_applications_announced_is_flag")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    declined = sa.text("declined_ms IS NOT NULL")
    op.create_index(
        "ix_creator_applications_declined",
        "creator_applications",
        ["declined_ms"],
        sqlite_where=declined,
        postgresql_where=declined,
    )
    op.create_table(
        "application_settings",
        _int("guild_id"),
        _flag("is_open"),
        _text("questions"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_application_settings"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_application_settings_guild_id"),
        sa.CheckConstraint("is_open IN (0, 1)", name=op.f("ck_application_settings_is_open_is_flag")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _rebuild_notices()


def _rebuild_notices() -> None:
    op.execute("CREATE TABLE notices_before AS SELECT * FROM notices")
    op.drop_table("notices")
    op.create_table(
        "notices",
        *map(_int, ("guild_id", "holder_id")),
        _text("kind"),
        *map(_int, ("number", "since_ms")),
        sa.PrimaryKeyConstraint("guild_id", "holder_id", "kind", "number", name="pk_notices"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_notices_guild_id"),
        sa.CheckConstraint(
            "kind IN ('grant', 'creator', 'application', 'share')", name=op.f("ck_notices_kind_is_known")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO notices SELECT * FROM notices_before")
    op.drop_table("notices_before")
