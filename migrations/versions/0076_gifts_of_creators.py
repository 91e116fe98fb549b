"""The last gifts of a creator are found by an index, however many others came after them."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0077"

RECEIVER = {
    "sqlite": "json_extract(body, '$.creator')",
    "postgresql": "(CAST(CAST(body AS jsonb) ->> 'creator' AS bigint))",
}


def upgrade() -> None:
    gifts = sa.text("kind = 'gift'")
    op.create_index(
        "ix_journal_gifts",
        "journal",
        [sa.text(RECEIVER[op.get_bind().dialect.name]), "seq"],
        sqlite_where=gifts,
        postgresql_where=gifts,
    )
