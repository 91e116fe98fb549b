"""What perks look like to those who manage them."""

from collections.abc import Mapping, Sequence

from discord import app_commands

from bot.domain.ledger.perk_return import facts_of
from bot.domain.matching import matching
from bot.domain.perks import Perk, PerkKind
from bot.domain.receipts import Receipt
from bot.domain.text import shown
from bot.services.perk_tickets import ReturnPreview
from bot.ui import theme
from bot.ui.kit import discord_limits, pages
from bot.ui.kit.cards import Card, Part
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from cogs.perks import render


def perk_list(perks: Sequence[Perk], creators: Mapping[int, int], page: int, of_pages: int, reader: Reader) -> Card:
    """Return a page of the perks, also of those that are offered no more."""
    lines = [line(perk, creators.get(perk.creator, 0), reader) for perk in perks]
    text = "\n".join(lines) or reader._("There are no perks yet. Add one with `/perk add`.")
    footer = pages.footer(reader, page, of_pages)
    return Card(theme.ROSE, (Part(text),), title="✨ " + reader._("Perks of this server"), footer=footer)


def saved(perk: Perk, creator_id: int, reader: Reader, *, is_new: bool) -> Card:
    """Return what a perk looks like after a change."""
    title = reader._("Perk archived") if perk.archived else reader._("Perk changed")
    title = reader._("Perk added") if is_new else title
    lines = [line(perk, creator_id, reader), render.what(perk, creator_id, reader)]
    if perk.about:
        lines.append(f"-# {shown(perk.about)}")
    return Card(theme.ROSE, (Part("\n".join(lines)),), title="✅ " + title)


def line(perk: Perk, creator_id: int, reader: Reader) -> str:
    """Return the terms of a perk in one line."""
    text = render.terms(perk, creator_id, reader)
    return f"🗄️ ~~{text}~~ " + reader._("archived") if perk.archived else text


def choices(perks: Sequence[Perk], query: str) -> list[app_commands.Choice[str]]:
    """Return the perks that match `query`, for the list that opens while somebody types."""
    return [
        app_commands.Choice(name=discord_limits.cut(_name(perk), discord_limits.CHOICE_NAME), value=str(perk.perk_id))
        for perk in matching(perks, query, lambda perk: (perk.name, str(perk.price)))
    ][: discord_limits.SELECT_OPTIONS]


def _name(perk: Perk) -> str:
    # A server's own emoji would show as its code here.
    name = perk.name if perk.emoji.startswith("<") else f"{perk.emoji} {perk.name}"
    return f"🗄️ {name}" if perk.archived else name


def placed(channel_id: int, reader: Reader) -> Card:
    """Return what happens to a panel."""
    lines = [
        reader._("I'm posting the list of perks in {channel}, and I keep it up to date.", channel=f"<#{channel_id}>"),
        "-# " + reader._("An earlier list stays as it is. You can delete it."),
    ]
    return Card(theme.GREEN, (Part("\n".join(lines)),), title="✨ " + reader._("Perks"))


def return_question(preview: ReturnPreview, reader: Reader) -> Card:
    """Return the question before a perk is taken back: from whom, what they lose, and what they get."""
    facts, perk, member = preview.facts, preview.perk, mentions.member(preview.member_id, reader)
    coins = f"**{reader.coins(facts['coins'], is_test=facts.get('test', False))}**"
    lines = [reader._("{member} gets back: {coins}", member=member, coins=coins)]
    if payoff := facts.get("payoff"):
        lines.append(reader._("Of that, this pays off what they owe: {coins}", coins=reader.coins(payoff)))
    if perk.gives_role:
        lines.append(
            reader._("They lose the role {role}, unless they have it another way.", role=f"<@&{perk.role_id}>")
        )
    elif perk.kind in {PerkKind.TEXT, PerkKind.FILE}:
        lines.append(reader._("They can't open it any more in `/perks`. What they have copied stays with them."))
    if perk.stock is not None:
        lines.append(reader._("Somebody else can unlock it again."))
    title, footer = reader._("Take this perk back?"), reader._("Receipt #{number}", number=facts["of"])
    return Card(
        theme.AMBER, (Part("\n".join(lines), mentions.perk(perk.name, perk.emoji, reader)),), title=title, footer=footer
    )


def returned(receipt: Receipt, reader: Reader) -> Card:
    """Return what a member got back."""
    facts = facts_of(receipt)
    coins = f"**{reader.coins(facts['coins'], is_test=receipt.is_test)}**"
    lines = [
        f"**{mentions.perk_of(receipt, reader)}**",
        reader._("{member} got back: {coins}", member=mentions.member(receipt.other_id, reader), coins=coins),
        mentions.paid_off(receipt, reader),
        "-# " + reader._("I'll tell them with my next reply to them. A role is removed in a moment."),
    ]
    footer = reader._("Receipt #{number}", number=receipt.seq)
    title = "↩️ " + reader._("Perk taken back")
    return Card(theme.GREEN, (Part("\n".join(filter(None, lines))),), title=title, footer=footer)
