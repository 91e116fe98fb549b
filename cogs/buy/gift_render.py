"""What a buyer reads about the gift that goes out with the coins of an order."""

from collections.abc import Mapping

from bot.domain.ledger.gift import facts_of
from bot.domain.planned_gifts import GOOD_FOR_MS, Lapse, PlannedGift
from bot.services.planned_gifts import GiftOutcome
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader

_HOURS = GOOD_FOR_MS // 3_600_000


def promise(gift: PlannedGift, reader: Reader) -> str:
    """Return what the form says of a gift, which confirms it: for whom it is, what it costs, and until when it goes."""
    lines = [
        reader._(
            "Then {gift} goes to {creator} for {coins}.", coins=reader.coins(gift.ceiling), **_names(gift, reader)
        ),
        mentions.quoted(gift.note),
        mentions.hidden(reader) if gift.anonymous else "",
        reader.n_(
            "-# This form also confirms the gift. It goes out when your payment arrives within {n} hour. If it can no "
            "longer be sent then, you keep the coins.",
            "-# This form also confirms the gift. It goes out when your payment arrives within {n} hours. If it can no "
            "longer be sent then, you keep the coins.",
            _HOURS,
        ),
    ]
    return "\n".join(filter(None, lines))


def reminder(gift: PlannedGift, reader: Reader) -> str:
    """Return what the panel that waits for the payment says of the gift."""
    return reader._("Then {gift} goes to {creator}.", **_names(gift, reader))


def outcome(result: GiftOutcome, reader: Reader) -> str:
    """Return what the receipt says of the gift."""
    names = _names(result.gift, reader)
    if result.receipt is not None:
        coins = reader.coins(facts_of(result.receipt)["coins"])
        lines = [reader._("{gift} went to {creator} for {coins}.", coins=coins, **names)]
        if result.gift.anonymous:
            lines.append(mentions.hidden(reader))
        return "\n".join(lines)
    assert result.gift.lapse is not None, result.gift
    why = reader._(_REASONS[result.gift.lapse])
    return " ".join([reader._("{gift} didn't go to {creator}.", **names), why, reader._("You keep the coins.")])


_REASONS: Mapping[Lapse, str] = {
    Lapse.LATE: N_("Your payment took too long for that."),
    Lapse.PRICE: N_("The gift now costs more than you agreed to."),
    Lapse.ITEM: N_("This gift can't be sent any more."),
    Lapse.LIVE_ONLY: N_("This gift can only be sent while the creator is live."),
    Lapse.CREATOR: N_("They can't receive gifts here any more."),
    Lapse.MESSAGE: N_("The message it was for is gone."),
    Lapse.COINS: N_("Your coins no longer cover it."),
    Lapse.DEBT: N_("Your coins pay off what you owe first."),
    Lapse.OTHER: N_("It was refused when I tried to send it."),
}
"""Why a gift did not go out."""


def _names(gift: PlannedGift, reader: Reader) -> dict[str, str]:
    name = mentions.gift(gift.name, gift.emoji, gift.quantity)
    return {"gift": f"**{name}**", "creator": mentions.member(gift.creator_id, reader)}
