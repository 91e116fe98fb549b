"""A guild may choose its currency, the tier of an item, and the prices of gifts on messages."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0018"


def upgrade() -> None:
    # NULL is what every guild had so far.
    for name in ("message_lowest", "message_highest"):
        op.add_column("guilds", sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    for name in ("currency_name", "currency_emoji"):
        op.add_column("guilds", sa.Column(name, sa.Text, nullable=True))
    op.add_column("gift_items", sa.Column("own_tier", sa.Text, nullable=True))
