"""Wrong promo codes count across restarts and processes."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0107"


def upgrade() -> None:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "wrong_codes",
        *(sa.Column(name, integer, nullable=False, autoincrement=False) for name in ("guild_id", "member_id", "at_ms")),
        sa.PrimaryKeyConstraint("guild_id", "member_id", "at_ms", name="pk_wrong_codes"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_wrong_codes_guild_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
