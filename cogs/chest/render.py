"""What sponsors read about their chest, and members about their share. Its message is in `bot.ui.looks.chest`."""

from bot.domain.chests import minimums_of
from bot.domain.guilds import GuildRules
from bot.domain.ledger import chest as ledger
from bot.domain.ledger.books import Recorded
from bot.domain.packages import Package
from bot.domain.receipts import Receipt
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.looks.chest import shares_of, who_can
from bot.ui.text import mentions
from bot.ui.text.estimates import worth
from bot.ui.text.reader import Reader


def question(
    preview: Recorded, command: ledger.OpenChest, rules: GuildRules, package: Package | None, reader: Reader
) -> Card:
    """Return the question before a chest is opened: what it takes, who gets it, and what comes back. `package` gives an
    idea of what coins are worth."""
    facts = ledger.opening_of(preview)
    estimate = worth(facts["coins"], package, reader)
    lines = [
        *([f"-# {estimate}"] if estimate else []),
        shares_of(facts["shares"], facts["share"], reader),
        reader._("For members in {channel}", channel=f"<#{command.channel_id}>"),
        reader._("You'll have {coins} left.", coins=reader.coins(facts["paid_after"] + facts["promo_after"])),
    ]
    if rest := command.coins - facts["coins"]:
        lines.append(
            reader._(
                "{total} doesn't split evenly. This much stays with you: {rest}.",
                total=reader.number(command.coins),
                rest=reader.coins(rest),
            )
        )
    limits = who_can(*minimums_of(rules.chest_account_days, rules.chest_joined_hours), reader)
    back = reader.n_(
        "What nobody takes within {n} minute comes back to you.",
        "What nobody takes within {n} minutes comes back to you.",
        command.minutes,
    )
    return Card(
        theme.AMBER,
        (Part("\n".join(lines)), Part(f"{back}\n-# {limits}")),
        title="🧰 " + reader._("Share out {coins}?", coins=reader.coins(facts["coins"])),
        footer=reader._("Nothing is taken until you press the button."),
    )


def opened(receipt: Receipt, reader: Reader) -> Card:
    """Return what a sponsor reads once the chest is open; its message is for everybody."""
    facts = ledger.opening_of(receipt)
    lines = [
        reader._("Your chest is open in {channel}.", channel=f"<#{facts['channel']}>"),
        reader._("What nobody takes comes back to you {when}.", when=reader.when(facts["until_ms"])),
        reader._("You have {balance} now.", balance=reader.coins(receipt.balance)),
    ]
    number = reader._("Receipt #{number}", number=receipt.seq)
    return Card(theme.GREEN, (Part("\n".join(lines)),), title="🧰 " + reader._("Chest opened"), footer=number)


def ended(receipt: Receipt, reader: Reader) -> Card:
    """Return what a sponsor reads after closing their chest."""
    coins = reader.coins(ledger.return_of(receipt)["coins"])
    lines = [
        reader._("Your chest is closed. What was left is back: {coins}.", coins=f"**{coins}**"),
        mentions.paid_off(receipt, reader),
        reader._("You have {balance} now.", balance=reader.coins(receipt.balance)),
    ]
    number = reader._("Receipt #{number}", number=receipt.seq)
    return Card(theme.GREY, (Part("\n".join(filter(None, lines))),), footer=number)


def share(receipt: Receipt, reader: Reader) -> Card:
    """Return what a member reads after taking a share, even if they press again."""
    facts, number = ledger.share_of(receipt), reader._("Receipt #{number}", number=receipt.seq)
    coins = f"**{reader.coins(facts['coins'])}**"
    if receipt.replayed:
        when = reader.when(receipt.at_ms)
        text = reader._("You took your share {when}: {coins}. There's one for each member.", when=when, coins=coins)
        return Card(theme.GREY, (Part(text),), footer=number)
    lines = [
        reader._("You got {coins} from {member}.", coins=coins, member=mentions.member(receipt.other_id, reader)),
        mentions.paid_off(receipt, reader),
        reader._("You have {balance} now.", balance=reader.coins(receipt.balance)),
        "-# " + reader._("Promo coins came for free and are spent first."),
    ]
    return Card(
        theme.GREEN, (Part("\n".join(filter(None, lines))),), title="🧰 " + reader._("Your share"), footer=number
    )
