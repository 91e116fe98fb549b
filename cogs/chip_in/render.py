"""What members read who chip in."""

from collections.abc import Sequence

from bot.domain.ledger.chips import facts_of
from bot.domain.packages import Package
from bot.domain.receipts import Receipt
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.looks import budgets
from bot.ui.text import mentions
from bot.ui.text.estimates import worth
from bot.ui.text.reader import Reader


def receipt(chip: Receipt, reader: Reader) -> Card:
    """Return the receipt of a chip."""
    facts = facts_of(chip)
    lines = [
        reader._(
            "You chipped in {coins} for {gift}.",
            coins=f"**{reader.coins(facts['coins'], is_test=chip.is_test)}**",
            gift=f"**{mentions.gift(facts['name'], facts['emoji'], reader)}**",
        )
    ]
    if facts["collected"] >= facts["price"]:
        lines.append(
            reader._("That was the last part: {creator} gets it now.", creator=mentions.member(chip.other_id, reader))
        )
    else:
        missing = reader.coins(facts["price"] - facts["collected"])
        lines.append(reader._("Still missing: {coins}. Your part is reserved in the meantime.", coins=missing))
    lines.append(reader._("You have {coins} left.", coins=reader.coins(chip.balance, is_test=chip.is_test)))
    if warning := budgets.warning_of(facts, reader):
        lines.append(warning)
    return Card(
        theme.GREEN,
        (Part("\n".join(lines)),),
        title="🫂 " + reader._("You're in"),
        footer=reader._("Receipt #{number}", number=chip.seq),
    )


def confirm(coins: int, package: Package | None, reader: Reader) -> Card:
    """Return the question before a large part. `package` says about what coins are worth."""
    lines = [reader._("This reserves {coins} of yours.", coins=f"**{reader.coins(coins)}**")]
    if estimate := worth(coins, package, reader):
        lines.append(f"-# {estimate}")
    lines.append(reader._("You can take them back until the gift goes out."))
    return Card(
        theme.AMBER,
        (Part("\n".join(lines)),),
        title="🫂 " + reader._("Chip in that much?"),
        footer=reader._("Nothing happens until you press the button."),
    )


def taken_back(returns: Sequence[Receipt], reader: Reader) -> Card:
    """Return what a member reads who has their coins back, each part with a receipt. Coins that a debt took are not
    back in their balance."""
    lines: list[str] = []
    for is_test in (False, True):
        facts = [facts_of(receipt) for receipt in returns if receipt.is_test is is_test]
        payoff = sum(each.get("payoff", 0) for each in facts)
        if back := sum(each["coins"] for each in facts) - payoff:
            lines.append(reader._("Back in your balance: {coins}.", coins=f"**{reader.coins(back, is_test=is_test)}**"))
        if payoff:
            coins = f"**{reader.coins(payoff, is_test=is_test)}**"
            lines.append(reader._("This paid off what you owed: {coins}.", coins=coins))
    return Card.of("\n".join(lines), theme.GREEN)
