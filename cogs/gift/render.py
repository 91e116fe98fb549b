"""What the commands of gifts look like."""

from bot.domain.ledger.books import Decision
from bot.domain.ledger.budget import lines_in
from bot.domain.ledger.gift import SendGift, facts_of, gift_tier
from bot.domain.packages import Package
from bot.domain.receipts import Receipt
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.looks import budgets
from bot.ui.looks.gifts import note_of_test
from bot.ui.looks.tiers import TIER_STYLES
from bot.ui.text import mentions
from bot.ui.text.estimates import worth
from bot.ui.text.reader import Reader
from bot.ui.text.refusal_texts import not_charged


def confirm(
    command: SendGift,
    preview: Decision,
    reader: Reader,
    package: Package | None = None,
    news: str = "",
    earlier: Receipt | None = None,
) -> Card:
    """Return the question before a gift that is large, whose price has `news`, or that is the same as an `earlier` one.

    The message stands in the only part with a heading: `Caller.note` reads it back.
    """
    facts = facts_of(preview)
    gift = mentions.gift_of(facts, reader)
    lines = [
        reader._(
            "This costs {coins} and goes to {creator}.",
            creator=mentions.member(command.creator_id, reader),
            coins=f"**{reader.coins(facts['coins'])}**",
        )
    ]
    if facts.get("test"):
        lines.append(note_of_test(reader, counts=facts.get("counts", True)))
    if estimate := worth(facts["coins"], package, reader):
        lines.append(f"-# {estimate}")
    left = reader.coins(facts["paid_after"] + facts["promo_after"], is_test="test" in facts)
    lines.append(reader._("You'll have {coins} left.", coins=left))
    if budget := budgets.gifts_left_after(lines_in(preview), reader):
        lines.append(budget)
    if news:
        lines.insert(0, news)
    if earlier is not None:
        lines[:0] = [reader._("You already sent this a moment ago."), f"**{mentions.arrival(earlier, reader)}**", ""]
    if facts["anonymous"]:
        lines.append(mentions.hidden(reader))
    return Card(
        TIER_STYLES[gift_tier(facts)].colour,
        (Part("\n".join(lines)), *note_part(preview.note, reader)),
        title=reader._("Send {gift} again?", gift=gift) if earlier else reader._("Send {gift}?", gift=gift),
        footer=reader._("You won't be charged until you press Send."),
    )


def note_part(note: str, reader: Reader) -> list[Part]:
    """Return the part of a panel in which the member's message stands, so that `Caller.note` can read it back."""
    return [Part(mentions.quoted(note), reader._("Your message"))] if note else []


def cancelled(reader: Reader, *, certain: bool) -> Card:
    """Return what closes the panel of a gift that was not sent; `certain` if no other process can be sending it."""
    text = reader._("Not sent.") + (not_charged(reader) if certain else "")
    return Card.of(text, theme.GREY)


def closed(reader: Reader) -> Card:
    """Return what closes the panel of an unknown gift, which says nothing about charges."""
    return Card.of(reader._("Closed."), theme.GREY)


def receipt(gift: Receipt, reader: Reader, estimates: str = "") -> Card:
    """Return the sender's receipt of one gift; `estimates` say what the buttons below come to in real money."""
    facts = facts_of(gift)
    parts = [
        reader._(
            "Sent to {creator} for {coins}.",
            creator=mentions.member(gift.other_id, reader),
            coins=f"**{reader.coins(facts['coins'])}**",
        )
    ]
    if facts.get("test"):
        parts.append(note_of_test(reader, counts=facts.get("counts", True)))
    if facts["live_channel"] and facts.get("counts", True):
        parts.append(reader._("It counts toward the live event in <#{channel}>.", channel=facts["live_channel"]))
    if facts["anonymous"]:
        parts.append(mentions.hidden(reader))
    if gift.note:
        parts.append(mentions.quoted(gift.note))
    parts.append(reader._("You have {coins} left.", coins=reader.coins(gift.balance, is_test=gift.is_test)))
    if warning := budgets.warning_of(facts, reader):
        parts.append(warning)
    if estimates:
        parts.append(estimates)
    return Card(
        TIER_STYLES[gift_tier(facts)].colour,
        (Part("\n".join(parts)),),
        title=mentions.gift_of(facts, reader),
        footer=reader._("Receipt #{number}", number=gift.seq),
    )


def nothing_to_send(reader: Reader, *, on_message: bool = False) -> Card:
    """Return what an empty catalogue says, or one without a gift for messages."""
    text = (
        reader._("There are no gifts for messages here. Send one with `/gift` instead.")
        if on_message
        else reader._("There are no gifts to send here yet. A moderator can add some.")
    )
    return Card.of(text, theme.GREY)


def nobody_to_gift(reader: Reader) -> Card:
    """Return the answer if nobody can receive gifts, or nobody but the caller."""
    text = reader._("There's nobody to send a gift to here yet. A moderator can add creators.")
    return Card.of(text, theme.GREY)
