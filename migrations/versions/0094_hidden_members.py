"""Members can choose not to be shown on leaderboards."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0085"


def upgrade() -> None:
    # NULL: shown.
    column = sa.Column("hidden_since_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    op.add_column("member_settings", column)
