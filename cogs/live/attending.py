"""*Hop on* on the board of a live event: the presser attends it for the next ten minutes."""

from bot.domain.attendance import HopOn, HopOnOutcome
from bot.ui import theme
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.controls import Control
from bot.ui.kit.cross_links import HOP_ON
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.live.views import EventIds


class HopOnBoard(Control[EventIds], action=HOP_ON, ids=EventIds):
    """Lets the presser attend the live event."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        hop = await caller.services.attendance.hop_on(caller.guild_id, self.ids.event, caller.member_id)
        return reply(hop_card(hop, caller.reader))


def hop_card(hop: HopOn, r: Reader) -> Card:
    """Return the answer to a press: until when it counts, and what for."""
    if hop.outcome is HopOnOutcome.ON_STAGE:
        return Card.of(
            "🎟️ " + r._("You're on stage, so you're here anyway. Hopping on is for your audience."), theme.RED
        )
    if hop.outcome is HopOnOutcome.ALREADY:
        lines = [r._("You're aboard already. You can hop on again {when}.", when=r.when(hop.until_ms))]
    else:
        lines = [r._("**You're aboard!** You can hop on again {when}.", when=r.when(hop.until_ms))]
    minutes = r.n_(
        "You've attended {n} minute of this live event.", "You've attended {n} minutes of this live event.", hop.minutes
    )
    lines.append(minutes)
    footer = r._("Being here counts toward your streak, your fan clubs and challenges. It costs nothing.")
    return Card(theme.RED, (Part("🎟️ " + "\n".join(lines)),), footer=footer)
