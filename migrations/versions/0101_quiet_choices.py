"""Members can hide amounts, be anonymous by default, and have quiet."""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0088"


def _since(name: str) -> sa.Column[int]:
    # NULL: not chosen.
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)


def upgrade() -> None:
    op.add_column("member_settings", _since("amounts_hidden_since_ms"))
    for name in ("anonymous_since_ms", "quiet_since_ms"):
        op.add_column("holders", _since(name))
