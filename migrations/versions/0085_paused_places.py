"""The places in fan clubs that are on pause are found without reading all others."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"


def upgrade() -> None:
    paused = sa.text("paused_ms IS NOT NULL")
    op.create_index(
        "ix_club_members_paused", "club_members", ["guild_id"], sqlite_where=paused, postgresql_where=paused
    )
