"""What declining a gift looks like: to the one who declines it, and to its sender."""

from typing import NamedTuple

from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.reversal import facts_of
from bot.domain.receipts import Receipt
from bot.services.reversals import Reversal, ReversalPreview
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


class DeclineIds(NamedTuple):
    """The gift in row `seq`. `intent` is the interaction that asked."""

    owner: int
    seq: int
    intent: int


def key_of(ids: DeclineIds) -> str:
    """Return the key of a decline: a panel that is pressed twice declines once."""
    return f"decline:{ids.intent}"


def decline_preview(preview: ReversalPreview, reader: Reader, *, is_own: bool = False) -> Card:
    """Return what declining a gift will do, for staff, or for its creator if it `is_own`."""
    facts = facts_of(preview.decision)
    coins = reader.coins(facts["paid"] + facts["promo"], is_test=bool(facts.get("test")))
    lines = [
        _gift(preview.receipt, reader),
        reader._("The sender gets back {coins}. I'll tell them with my next reply to them.", coins=coins),
    ]
    if facts["earnings"] or facts["creator_debt"]:
        diamonds = reader.diamonds(facts["earnings"] + facts["creator_debt"])
        if "team" in preview.receipt.facts:
            lines.append(reader._("The creators' earnings go down by {diamonds} in all.", diamonds=diamonds))
        elif is_own:
            lines.append(reader._("Your earnings go down by {diamonds}.", diamonds=diamonds))
        else:
            lines.append(reader._("The creator's earnings go down by {diamonds}.", diamonds=diamonds))
    lines.append(reader._("Leaderboards, goals and totals are corrected."))
    return Card(
        theme.AMBER,
        (Part("\n".join(lines)),),
        title="↩️ " + reader._("Decline this gift?"),
        footer=reader._("Nothing happens until you press the button."),
    )


def decline_receipt(reversal: Reversal, reader: Reader) -> Card:
    """Return the receipt of a declined gift, for the one who declined it."""
    facts = facts_of(reversal.receipt)
    coins = reader.coins(facts["paid"] + facts["promo"], is_test=reversal.receipt.is_test)
    lines = [
        _gift(reversal.original, reader),
        reader._("The coins are back with the sender: {coins}", coins=coins),
    ]
    return Card(
        theme.GREEN,
        (Part("\n".join(lines)),),
        title="↩️ " + reader._("Gift declined"),
        footer=reader._("Receipt #{number}", number=reversal.receipt.seq),
    )


def _gift(gift: Receipt, reader: Reader) -> str:
    facts = gift_facts(gift)
    sender = mentions.member(gift.actor_id, reader)
    # Creators get it without its sender, staff with.
    if facts["anonymous"]:
        sender = f"🎭 {sender}" if gift.actor_id else reader._("Someone")
    text = reader._(
        "{gift} from {sender} to {creator}",
        gift=mentions.gift_of(facts, reader),
        sender=sender,
        creator=mentions.creators(gift, reader),
    )
    return "\n".join(filter(None, (f"**{text}**", mentions.quoted(gift.note))))
