"""What grants look like."""

import discord

from bot.domain.ledger.grant import facts_of
from bot.domain.receipts import Receipt
from bot.ui import theme
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def granted(receipt: Receipt, reader: Reader) -> discord.Embed:
    """Return the receipt of a grant, for the manager who made it."""
    text = reader._(
        "{member} got {coins}.",
        member=mentions.member(receipt.other_id, reader),
        coins=f"**{reader.coins(facts_of(receipt)['coins'])}**",
    )
    embed = discord.Embed(
        title="🎁 " + reader._("Coins granted"),
        description=f"{text}\n{mentions.quoted(receipt.note)}",
        colour=theme.GREEN,
    )
    return embed.set_footer(text=reader._("Receipt #{number}", number=receipt.seq))
