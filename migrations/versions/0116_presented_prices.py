"""Orders say what their buyers saw and paid, where the provider converted the price into another currency."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"


def upgrade() -> None:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("orders", sa.Column("presented_minor", integer, autoincrement=False))
    op.add_column("orders", sa.Column("presented_currency", sa.Text))
