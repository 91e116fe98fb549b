"""Notices are found by their time: each process looks every minute for those that others have stored."""

from alembic import op

revision = "0119"
down_revision = "0118"


def upgrade() -> None:
    op.create_index("ix_notices_since", "notices", ["since_ms"])
