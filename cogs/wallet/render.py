"""What a wallet looks like."""

import discord

from bot.domain.text import shown
from bot.domain.wallets import WalletLine
from bot.services.wallets import Overview
from bot.ui import discord_limits, mentions, theme
from bot.ui.reader import Reader


def wallet(overview: Overview, reader: Reader) -> discord.Embed:
    """Return the balance, its parts, and the newest entries."""
    held = overview.wallet
    embed = discord.Embed(
        title=reader._("Your balance"), description=f"## {reader.coins(held.total)}", colour=theme.ROSE
    )
    embed.add_field(name=reader._("Bought"), value=reader.coin(held.paid))
    embed.add_field(name=reader._("Promo"), value=reader.coin(held.promo))
    embed.add_field(name=reader._("Spent this month"), value=reader.coin(overview.spent_this_month))
    if held.earnings:
        embed.add_field(name=reader._("Your earnings"), value=reader.diamonds(held.earnings), inline=False)
    if overview.lines:
        lines = discord_limits.lines([_line(line, reader) for line in overview.lines], discord_limits.FIELD_VALUE)
        embed.add_field(name=reader._("Recent history"), value=lines, inline=False)
    else:
        embed.set_footer(text=reader._("Nothing here yet. Get coins with /buy or from a moderator."))
    return embed


def _line(line: WalletLine, reader: Reader) -> str:
    changes: list[str] = []
    if line.amount:
        sign = "+" if line.amount > 0 else "−"
        changes.append(f"**{sign}{reader.number(abs(line.amount))}** {theme.COIN}")
    if line.earned:
        sign = "+" if line.earned > 0 else "−"
        changes.append(f"**{sign}{reader.number(abs(line.earned))}** {theme.DIAMOND}")
    number = reader._("Receipt #{number}", number=line.seq)
    return f"{' '.join(changes)} · {_what(line, reader)}\n-# {number} · {reader.when(line.at_ms)}"


def _what(line: WalletLine, reader: Reader) -> str:
    receipt = line.receipt
    match line.kind:
        case "gift" if line.amount < 0:
            to = mentions.member(receipt.other_id, reader)
            return reader._("{gift} to {creator}", gift=mentions.gift_of(receipt.facts), creator=to)
        case "gift":
            return reader._(
                "{gift} from {sender}", gift=mentions.gift_of(receipt.facts), sender=mentions.sender(receipt, reader)
            )
        case "order":
            price = reader.money(receipt.facts["price_minor"], receipt.facts["currency"])
            return reader._("Bought for {price}", price=price)
        case _:
            return reader._("Granted: {reason}", reason=shown(receipt.note)) if receipt.note else reader._("Granted")
