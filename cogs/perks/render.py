"""What perks look like to members."""

from collections.abc import Mapping, Sequence

from bot.domain.ledger.perk import facts_of
from bot.domain.packages import Package
from bot.domain.perks import Perk, PerkKind, PerkWay, Unlock, UnlockState
from bot.domain.receipts import Receipt
from bot.domain.text import shown
from bot.services.perks import Offer, OwnPerks, Shelf
from bot.ui import theme
from bot.ui.kit import discord_limits, pages
from bot.ui.kit.cards import Card, Document, Part
from bot.ui.looks import budgets
from bot.ui.looks.perks import limits, name_of, way
from bot.ui.looks.staff_act_values import PERK_RESTOCKS
from bot.ui.text import mentions
from bot.ui.text.estimates import worth
from bot.ui.text.reader import N_, Reader


def shelf(offers: Sequence[Offer], page: int, of_pages: int, reader: Reader) -> Card:
    """Return a page of the perks."""
    title = "✨ " + reader._("Perks")
    if not offers:
        text = reader._("There are no perks here yet. A moderator can add some.")
        return Card(theme.ROSE, (Part(text),), title=title)
    opening = reader._("Unlock roles, channels, texts, files and shout-outs. Pick one to see more.")
    parts = [Part(opening), *(Part(_summary(offer, reader), name_of(offer.perk, reader)) for offer in offers)]
    return Card(theme.ROSE, tuple(parts), title=title, footer=pages.footer(reader, page, of_pages))


def _summary(offer: Offer, reader: Reader) -> str:
    perk = offer.perk
    marks = [way(perk, offer.creator_id, reader), *limits(perk, reader)]
    if offer.holding.has_forever or offer.holding.until_ms:
        marks.append("✅ " + reader._("yours"))
    return "\n".join(filter(None, (" · ".join(marks), f"-# {shown(perk.about)}" if perk.about else "")))


def perk_page(
    offer: Offer, shelf: Shelf, package: Package | None, reader: Reader, refusal: str, news: str = ""
) -> Card:
    """Return everything about one perk. `refusal` says why it cannot be had now, "" if it can. `package` says about
    what coins are worth."""
    perk = offer.perk
    lines = [news, shown(perk.about), what(perk, offer.creator_id, reader)]
    lines.append(" · ".join([way(perk, offer.creator_id, reader), *limits(perk, reader), *_more(perk, reader)]))
    if offer.holding.until_ms and not offer.holding.has_forever:
        lines.append("✅ " + reader._("Yours until {moment}.", moment=reader.moment(offer.holding.until_ms)))
    if refusal:
        lines.append(refusal)
    footer = ""
    if perk.way is PerkWay.COINS and not refusal:
        if estimate := worth(perk.price, package, reader):
            lines.append(f"-# {estimate}")
        lines.append(_money(perk, shelf, reader))
        if shelf.spendable >= perk.price:
            footer = _promise(offer, reader)
    return Card(theme.ROSE, (Part("\n".join(filter(None, lines))),), title=name_of(perk, reader), footer=footer)


def is_renewal(offer: Offer) -> bool:
    """Whether getting a perk makes what a member has of it last longer."""
    return bool(offer.holding.until_ms) and offer.perk.kind is not PerkKind.SHOUTOUT


def _promise(offer: Offer, reader: Reader) -> str:
    if offer.perk.kind is PerkKind.SHOUTOUT:
        return reader._("You won't be charged until you've said what it should be about.")
    if is_renewal(offer):
        return reader._("You won't be charged until you press Renew.")
    return reader._("You won't be charged until you press Unlock.")


def _more(perk: Perk, reader: Reader) -> list[str]:
    more: list[str] = []
    if perk.restock is not None:
        more.append(reader._(PERK_RESTOCKS[perk.restock]))
    if perk.each is not None:
        more.append(reader.n_("{n} for each member", "{n} for each member", perk.each))
    return more


def what(perk: Perk, creator_id: int, reader: Reader) -> str:
    """Return what members get."""
    match perk.kind:
        case PerkKind.ROLE:
            return reader._("You get the role {role}.", role=f"<@&{perk.role_id}>")
        case PerkKind.CHANNEL:
            places = {"channel": f"<#{perk.channel_id}>", "role": f"<@&{perk.role_id}>"}
            return reader._("You get access to {channel}, with the role {role}.", **places)
        case PerkKind.TEXT:
            return reader._("You get a text to read, for your eyes only.")
        case PerkKind.FILE:
            return reader._("You get a file, for your eyes only.")
        case PerkKind.SHOUTOUT:
            if not perk.creator:
                return reader._("You get a shout-out. You say what it should be about.")
            creator = mentions.member(creator_id, reader)
            return reader._("{creator} gives you a shout-out. You say what it should be about.", creator=creator)


def _money(perk: Perk, shelf: Shelf, reader: Reader) -> str:
    """Return what a member has, and the bar of their budget."""
    lines: list[str] = []
    is_test = not shelf.sells_for_money and shelf.wallet.spends_test_coins(perk.price)
    if shelf.wallet.debt and not is_test:
        lines.append(reader._("You owe {coins}. Pay that off first.", coins=reader.coins(shelf.wallet.debt)))
    elif shelf.spendable < perk.price:
        missing = reader.coins(perk.price - shelf.spendable)
        lines.append(reader._("You're {missing} short.", missing=missing))
    else:
        promo = 0 if shelf.wallet.debt else shelf.wallet.promo
        balance = (shelf.wallet.test if is_test else shelf.wallet.paid) + promo
        left = reader.coins(balance - perk.price, is_test=is_test)
        lines.append(reader._("You'll have {coins} left.", coins=left))
    if shelf.budget is not None:
        lines.append(budgets.gifts_left([shelf.budget], reader))
    return "\n".join(lines)


def receipt(purchase: Receipt, perk: Perk | None, reader: Reader) -> Card:
    """Return the receipt of a perk for coins. `perk` says what happens next, None if it is gone."""
    facts = facts_of(purchase)
    coins = f"**{reader.coins(facts['coins'], is_test=purchase.is_test)}**"
    lines = [
        reader._("You unlocked it for {coins}.", coins=coins),
        next_step(perk, reader) if perk is not None else "",
        reader._("You have {coins} left.", coins=reader.coins(purchase.balance, is_test=purchase.is_test)),
        budgets.warning_of(facts, reader),
    ]
    return Card(
        theme.GREEN,
        (Part("\n".join(filter(None, lines))),),
        title=mentions.perk_of(purchase, reader),
        footer=reader._("Receipt #{number}", number=purchase.seq),
    )


def unlocked(perk: Perk, reader: Reader) -> Card:
    """Return what a member reads who has unlocked a perk without coins."""
    return Card(theme.GREEN, (Part(next_step(perk, reader)),), title=name_of(perk, reader))


def next_step(perk: Perk, reader: Reader) -> str:
    """Return what happens to a perk that somebody has just unlocked."""
    if perk.gives_role:
        text = reader._("{role} is on its way to you.", role=f"<@&{perk.role_id}>")
        if not perk.price:
            return text
        return text + " " + reader._("If I can't give it to you within an hour, you get your coins back.")
    if perk.kind is PerkKind.SHOUTOUT:
        return reader._("Your wish is in the queue. You'll hear from me when it's done.")
    return reader._("It's yours now. You'll find it again in `/perks` under *My perks*.")


def content(
    perk: Perk, file: bytes, reader: Reader, *, has_room: bool
) -> tuple[tuple[Part, ...], tuple[Document, ...]]:
    """Return what a member reads who has unlocked a text or a file. `has_room` says that files can be attached.

    Staff wrote the text, and links in it work. Nobody is pinged by what only one member sees.
    """
    if perk.kind is PerkKind.TEXT:
        return (Part(perk.text),), ()
    if perk.kind is PerkKind.FILE and has_room:
        return (Part("📁 " + reader._("Here's your file.")),), (Document(perk.file, file),)
    if perk.kind is PerkKind.FILE:
        return (Part(reader._("I can't attach files here. Open it with `/perks` in another channel.")),), ()
    return (), ()


STATES: Mapping[UnlockState, str] = {
    UnlockState.OPEN: N_("on its way"),
    UnlockState.DOING: N_("in the works"),
    UnlockState.DONE: N_("done"),
    UnlockState.REVERSED: N_("given back"),
    UnlockState.OVER: N_("over"),
}


def own(perks: OwnPerks, reader: Reader) -> Card:
    """Return what a member has unlocked."""
    title = "🔓 " + reader._("Your perks")
    if not perks.pairs:
        return Card(theme.ROSE, (Part(reader._("You haven't unlocked anything yet.")),), title=title)
    lines = [_own_line(entry, perk, reader) for entry, perk in perks.pairs]
    return Card(theme.ROSE, (Part(discord_limits.lines(lines, discord_limits.CARD_TEXT)),), title=title)


def _own_line(entry: Unlock, perk: Perk, reader: Reader) -> str:
    marks: list[str] = []
    if perk.gives_role and entry.state is not UnlockState.OPEN:
        marks.append(f"<@&{perk.role_id}>")
    if perk.kind is PerkKind.SHOUTOUT or entry.state is UnlockState.OPEN:
        marks.append(reader._(STATES[entry.state]))
    if entry.from_ms > entry.at_ms:
        marks.append(reader._("from {moment}", moment=reader.moment(entry.from_ms)))
    if entry.until_ms is not None:
        marks.append(reader._("until {moment}", moment=reader.moment(entry.until_ms)))
    note = f"\n{mentions.quoted(entry.note)}" if entry.note else ""
    small = " · ".join([*marks, reader._("unlocked {when}", when=reader.when(entry.at_ms))])
    return f"**{name_of(perk, reader)}**\n-# {small}{note}"


def terms(perk: Perk, creator_id: int, reader: Reader) -> str:
    """Return a perk's name and its terms in one line."""
    parts = [way(perk, creator_id, reader), *limits(perk, reader), *_more(perk, reader)]
    return " · ".join([f"**{name_of(perk, reader)}**", *parts])
