"""A challenge's prize can fall once the points for it are taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0111"


def upgrade() -> None:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("challenge_awards", sa.Column("fallen_ms", integer, nullable=True))
