"""Why a gift that was planned with an order stayed here."""

from collections.abc import Mapping

from bot.domain.planned_gifts import Lapse, PlannedGift
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader


def lapsed(gift: PlannedGift, reader: Reader) -> str:
    """Return which gift did not go out, and why. Its coins are in its sender's wallet."""
    assert gift.lapse is not None, gift
    return " ".join([unsent(gift, reader), reader._(_REASONS[gift.lapse]), reader._("You keep the coins.")])


def unsent(gift: PlannedGift, reader: Reader) -> str:
    """Return that a gift did not go out."""
    return reader._("{gift} didn't go to {creator}.", **names(gift, reader))


def names(gift: PlannedGift, reader: Reader) -> dict[str, str]:
    """Return what a sentence calls a planned gift and its creator."""
    name = mentions.gift(gift.name, gift.emoji, reader, gift.quantity)
    return {"gift": f"**{name}**", "creator": mentions.member(gift.creator_id, reader)}


_REASONS: Mapping[Lapse, str] = {
    Lapse.LATE: N_("Your payment took too long for that."),
    Lapse.PRICE: N_("The gift now costs more than you agreed to."),
    Lapse.ITEM: N_("This gift can't be sent any more."),
    Lapse.LIVE_ONLY: N_("This gift can only be sent while the creator is live."),
    Lapse.CREATOR: N_("They can't receive gifts here any more."),
    Lapse.MESSAGE: N_("The message it was for is gone."),
    Lapse.COINS: N_("Your coins no longer cover it."),
    Lapse.DEBT: N_("Your coins pay off what you owe first."),
    Lapse.FROZEN: N_("The staff have closed gifting for you in the meantime."),
    Lapse.PAUSED: N_("They're taking a break from gifts."),
    Lapse.BLOCKED: N_("They aren't taking this gift from you."),
    Lapse.WORDS: N_("Your message has a word that isn't allowed."),
    Lapse.BUDGET: N_("Your budget has no room for it now."),
    Lapse.OTHER: N_("It was refused when I tried to send it."),
}
"""Why a gift did not go out."""
