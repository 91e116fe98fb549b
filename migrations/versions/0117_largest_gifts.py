"""Recaps of live events name the largest gift."""

import sqlalchemy as sa
from alembic import op

revision = "0117"
down_revision = "0116"


def upgrade() -> None:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    # Recaps that are stored stay as they were told.
    op.add_column("live_recaps", sa.Column("largest_sender", integer, autoincrement=False))
    op.add_column("live_recaps", sa.Column("largest_name", sa.Text))
