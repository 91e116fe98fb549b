"""What a wallet looks like."""

from collections.abc import Callable, Mapping

import discord

from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.ledger.reinstatement import facts_of as reinstatement_facts
from bot.domain.ledger.reversal import facts_of as reversal_facts
from bot.domain.orders import Cause
from bot.domain.text import shown
from bot.domain.wallets import WalletLine
from bot.services.wallets import Overview
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader


def wallet(overview: Overview, reader: Reader) -> discord.Embed:
    """Return the balance, its parts, and the newest entries."""
    balances = overview.wallet
    title = " · ".join(part for part in (reader._("Your balance"), shown(reader.currency.name)) if part)
    embed = discord.Embed(title=title, description=f"## {reader.coins(balances.total)}", colour=theme.ROSE)
    embed.add_field(name=reader._("Bought"), value=reader.coin(balances.paid))
    embed.add_field(name=reader._("Promo"), value=reader.coin(balances.promo))
    embed.add_field(name=reader._("Spent this month"), value=reader.coin(overview.spent_this_month))
    if balances.promo:
        embed.description = f"{embed.description}\n-# {_kinds(overview, reader)}"
    if balances.debt:
        embed.add_field(name=reader._("You owe"), value=reader.coin(balances.debt), inline=False)
        embed.set_footer(text=reader._("New coins pay off what you owe first. After that, you can send gifts again."))
    if balances.earnings:
        earned = f"{reader.diamonds(balances.earnings)}\n-# {_earning(overview, reader)}"
        embed.add_field(name=reader._("Your earnings"), value=earned, inline=False)
    if overview.lines:
        lines = discord_limits.lines([_line(line, reader) for line in overview.lines], discord_limits.FIELD_VALUE)
        embed.add_field(name=reader._("Recent history"), value=lines, inline=False)
    elif not balances.debt:
        embed.set_footer(text=reader._("Nothing here yet. Get coins with /buy or from a moderator."))
    return embed


def _kinds(overview: Overview, reader: Reader) -> str:
    """Return what tells promo coins from bought ones, in one sentence for each."""
    if overview.promo_share_percent:
        return reader._("Promo coins came for free and are spent first.")
    return reader._("Promo coins came for free and are spent first. They earn creators nothing.")


def _earning(overview: Overview, reader: Reader) -> str:
    """Return what earns diamonds in this guild, and what does not."""
    paid = reader.percent(overview.share_percent)
    if overview.promo_share_percent:
        promo = reader.percent(overview.promo_share_percent)
        return reader._("You earn {paid} of bought coins and {promo} of promo coins.", paid=paid, promo=promo)
    return reader._("You earn {paid} of the bought coins spent on you. Promo coins earn nothing.", paid=paid)


def _line(line: WalletLine, reader: Reader) -> str:
    changes: list[str] = []
    if line.amount:
        sign = "+" if line.amount > 0 else "−"
        changes.append(f"**{sign}{reader.number(abs(line.amount))}** {reader.coin_emoji()}")
    if line.earned:
        sign = "+" if line.earned > 0 else "−"
        changes.append(f"**{sign}{reader.number(abs(line.earned))}** {theme.DIAMOND}")
    if line.debt_change:
        sign = "+" if line.debt_change > 0 else "−"
        changes.append(
            reader._("{change} owed", change=f"**{sign}{reader.number(abs(line.debt_change))}** {reader.coin_emoji()}")
        )
    number = reader._("Receipt #{number}", number=line.seq)
    return f"{' '.join(changes)} · {DESCRIPTIONS[line.kind](line, reader)}\n-# {number} · {reader.when(line.at_ms)}"


def _gift(line: WalletLine, reader: Reader) -> str:
    receipt = line.receipt
    gift = mentions.gift_of(gift_facts(receipt))
    if line.amount < 0:
        return reader._("{gift} to {creator}", gift=gift, creator=mentions.member(receipt.other_id, reader))
    return reader._("{gift} from {sender}", gift=gift, sender=mentions.sender(receipt, reader))


def _order(line: WalletLine, reader: Reader) -> str:
    facts = order_facts(line.receipt)
    return reader._("Bought for {price}", price=reader.money(facts["price_minor"], facts["currency"]))


def _grant(line: WalletLine, reader: Reader) -> str:
    note = line.receipt.note
    return reader._("Granted: {reason}", reason=shown(note)) if note else reader._("Granted")


def _reversal(line: WalletLine, reader: Reader) -> str:
    facts, note = reversal_facts(line.receipt), line.receipt.note
    number = facts["of"]
    if (cause := facts.get("cause")) is not None:
        return reader._(_CAUSES[Cause(cause)], number=number)
    if not note:
        return reader._("Receipt #{number} reversed", number=number)
    return reader._("Receipt #{number} reversed: {reason}", number=number, reason=shown(note))


_CAUSES: Mapping[Cause, str] = {
    Cause.REFUND: N_("Refund of receipt #{number}"),
    Cause.DISPUTE: N_("Payment of receipt #{number} disputed"),
    Cause.WITHDRAWAL: N_("Withdrew from receipt #{number}"),
}


def _reinstatement(line: WalletLine, reader: Reader) -> str:
    return reader._("Payment of receipt #{number} stands again", number=reinstatement_facts(line.receipt)["of"])


DESCRIPTIONS: Mapping[str, Callable[[WalletLine, Reader], str]] = {
    "gift": _gift,
    "order": _order,
    "grant": _grant,
    "reversal": _reversal,
    "reinstatement": _reinstatement,
}
"""What an entry is about, by kind of money. A kind that is missing raises."""
