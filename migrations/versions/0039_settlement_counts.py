"""How often a provider's webhooks told of payments, and how often only asking did."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "settlement_counts",
        sa.Column("provider", sa.Text, nullable=False),
        *map(_int, ("by_webhook", "by_reconcile", "missed")),
        sa.PrimaryKeyConstraint("provider", name="pk_settlement_counts"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
