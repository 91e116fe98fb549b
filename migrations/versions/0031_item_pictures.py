"""Items have pictures that guilds upload."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("gift_items", sa.Column("picture", sa.Text, nullable=True))
    op.create_table(
        "item_pictures",
        sa.Column(
            "guild_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False
        ),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("png", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "digest", name="pk_item_pictures"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_item_pictures_guild_id"),
        sqlite_strict=True,
    )
