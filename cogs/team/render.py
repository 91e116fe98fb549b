"""What gifts for several creators look like."""

from collections.abc import Iterable, Sequence

from bot.domain.ledger.books import Decision
from bot.domain.ledger.budget import lines_in
from bot.domain.ledger.gift import facts_of, gift_tier
from bot.domain.ledger.gift_rows import coins_of
from bot.domain.ledger.team_gift import SendTeamGift
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
    command: SendTeamGift, rows: Sequence[Decision], reader: Reader, package: Package | None, news: str
) -> Card:
    """Return the question before a gift that is large, or about which there is `news`.

    The message is in the only part with a heading: `Caller.note` reads it back.
    """
    facts, last = facts_of(rows[0]), facts_of(rows[-1])
    coins = coins_of(facts)
    parts = zip(command.team, (facts_of(row)["coins"] for row in rows), strict=True)
    lines = [reader._("This costs {coins} in all.", coins=f"**{reader.coins(coins)}**"), *_parts(parts, reader)]
    if news:
        lines.insert(0, news)
    if facts.get("test"):
        lines.append(note_of_test(reader, counts=facts.get("counts", True)))
    if estimate := worth(coins, package, reader):
        lines.append(f"-# {estimate}")
    left = reader.coins(last["paid_after"] + last["promo_after"], is_test="test" in facts)
    lines.append(reader._("You'll have {coins} left.", coins=left))
    if budget := budgets.gifts_left_after(lines_in(rows[0]), reader):
        lines.append(budget)
    if facts["anonymous"]:
        lines.append(mentions.hidden(reader))
    note = rows[0].note
    note_parts = (Part(mentions.quoted(note), reader._("Your message")),) if note else ()
    return Card(
        TIER_STYLES[gift_tier(facts)].colour,
        (Part("\n".join(lines)), *note_parts),
        title=reader._("Send {gift} to several creators?", gift=mentions.gift_of(facts, reader)),
        footer=reader._("You won't be charged until you press Send."),
    )


def receipt(gift: Receipt, reader: Reader) -> Card:
    """Return the sender's receipt of one gift for several creators."""
    facts = facts_of(gift)
    coins = coins_of(facts)
    lines = [
        reader._(
            "Sent to {creators} for {coins}.",
            creators=mentions.creators(gift, reader),
            coins=f"**{reader.coins(coins)}**",
        ),
        *_parts(gift.people, reader),
    ]
    if facts.get("test"):
        lines.append(note_of_test(reader, counts=facts.get("counts", True)))
    if facts["anonymous"]:
        lines.append(mentions.hidden(reader))
    if gift.note:
        lines.append(mentions.quoted(gift.note))
    # The facts of the first row have what was left after it; the others have taken the rest.
    left = gift.balance - (coins - facts["coins"])
    lines.append(reader._("You have {coins} left.", coins=reader.coins(left, is_test=gift.is_test)))
    if warning := budgets.warning_of(facts, reader):
        lines.append(warning)
    return Card(
        TIER_STYLES[gift_tier(facts)].colour,
        (Part("\n".join(lines)),),
        title=mentions.gift_of(facts, reader),
        footer=reader._("Receipt #{number}", number=gift.seq),
    )


def cancelled(reader: Reader, *, certain: bool) -> Card:
    """Return what closes the panel of a gift that was not sent; `certain` if no other process can be sending it."""
    return Card.of(reader._("Not sent.") + (not_charged(reader) if certain else ""), theme.GREY)


def _parts(parts: Iterable[tuple[int, int]], reader: Reader) -> list[str]:
    """Return a line for each creator, with their part."""
    return [f"{mentions.member(creator, reader)} · {reader.coin(coins)}" for creator, coins in parts]
