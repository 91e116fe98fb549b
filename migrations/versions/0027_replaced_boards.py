"""A board that is posted anew remembers the message that it replaces until that is removed."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    column = sa.Column("replaced_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    op.add_column("live_boards", column)
