"""Live events say from which rows their gift trains were worked out, so that the audit can do the same."""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0114"


def upgrade() -> None:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    # Nobody knows it of older trains. They are worked out again when a gift of theirs is taken back.
    op.add_column("live_events", sa.Column("trains_seq", integer, autoincrement=False))
    op.add_column("live_events", sa.Column("trains_ms", integer, autoincrement=False))
