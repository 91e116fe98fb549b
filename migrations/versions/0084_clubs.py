"""Members of fan clubs get a role, and lose it while their membership pauses, which it does in no break of a creator.

Of a break that runs already, nobody knows when it began, so it counts as if it always had been.
"""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0093"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, integer, nullable=null, autoincrement=False)


def _table(name: str, columns: tuple[sa.Column[int], ...], *key: str) -> None:
    op.create_table(
        name,
        *columns,
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{name}_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", *key, name=f"pk_{name}"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    members = (*map(_int, ("guild_id", "gifter", "creator", "joined_ms")), _int("paused_ms", null=True))
    _table("club_members", members, "gifter", "creator")
    op.create_index("ix_club_members_creator", "club_members", ["guild_id", "creator"])
    _table("club_roles", tuple(map(_int, ("guild_id", "creator", "role_id"))), "creator")
    breaks = tuple(map(_int, ("guild_id", "creator", "from_ms", "until_ms")))
    _table("creator_breaks", breaks, "creator", "from_ms")
    op.execute(
        "INSERT INTO creator_breaks SELECT creators.guild_id, holders.holder_id, 0, creators.paused_until_ms "
        "FROM creators JOIN holders ON holders.guild_id = creators.guild_id AND holders.user_id = creators.member_id "
        "WHERE creators.paused_until_ms IS NOT NULL"
    )
