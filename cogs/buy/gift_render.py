"""What a buyer reads about the gift that goes out with the coins of an order."""

from bot.domain.ledger.gift import facts_of
from bot.domain.planned_gifts import GOOD_FOR_MS, PlannedGift
from bot.services.planned_gifts import GiftOutcome
from bot.ui.kit.cards import Part
from bot.ui.text import mentions, planned_gifts
from bot.ui.text.planned_gifts import lapsed, names
from bot.ui.text.reader import Reader

_HOURS = GOOD_FOR_MS // 3_600_000


def promise(gift: PlannedGift, reader: Reader) -> str:
    """Return what the form says of a gift, which confirms it: for whom it is, what it costs, and until when it goes."""
    lines = [
        reader._("Then {gift} goes to {creator} for {coins}.", coins=reader.coins(gift.ceiling), **names(gift, reader)),
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
    return reader._("Then {gift} goes to {creator}.", **names(gift, reader))


def unsent(gift: PlannedGift | None, reader: Reader) -> list[Part]:
    """Return what an order without payment says of its gift. The buttons below read the member's message from it."""
    if gift is None:
        return []
    note = [Part(mentions.quoted(gift.note), reader._("Your message"))] if gift.note else []
    return [Part(planned_gifts.unsent(gift, reader)), *note]


def outcome(result: GiftOutcome, reader: Reader) -> str:
    """Return what the receipt says of the gift."""
    if result.receipt is not None:
        coins = reader.coins(facts_of(result.receipt)["coins"])
        lines = [reader._("{gift} went to {creator} for {coins}.", coins=coins, **names(result.gift, reader))]
        if result.gift.anonymous:
            lines.append(mentions.hidden(reader))
        return "\n".join(lines)
    return lapsed(result.gift, reader)
