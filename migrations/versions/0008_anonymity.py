"""Thanks and recaps do not depend on who sent an anonymous gift.

All anonymous gifts to a creator are thanked for as one; recaps are read from the journal again.
"""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute(
        "INSERT INTO thanks (guild_id, creator, sender, anonymous, seq, coins, pieces)"
        " SELECT guild_id, creator, 0, 1, max(seq), sum(coins), sum(pieces)"
        " FROM thanks WHERE anonymous = 1 GROUP BY guild_id, creator"
    )
    op.execute("DELETE FROM thanks WHERE anonymous = 1 AND sender <> 0")
    # An anonymous gift may have made the best combo, or started the gift train.
    op.execute(
        "DELETE FROM live_recaps WHERE EXISTS (SELECT 1 FROM ladders WHERE ladders.guild_id = live_recaps.guild_id"
        " AND ladders.board = 'anonymous' AND ladders.scope = 0 AND ladders.event = live_recaps.event_id)"
    )
