"""Matches are off in a new guild until its staff switch them on. Guilds that had them keep them."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0087"


def upgrade() -> None:
    # NULL: off.
    column = sa.Column("matches_since_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    op.add_column("guilds", column)
    op.execute("UPDATE guilds SET matches_since_ms = joined_ms")
