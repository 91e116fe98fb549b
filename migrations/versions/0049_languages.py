"""A guild may choose the language of what everybody sees."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    # NULL is what every guild had so far: the language that is set in Discord.
    op.add_column("guilds", sa.Column("language", sa.Text, nullable=True))
