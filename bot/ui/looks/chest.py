"""The message of a chest: who shares coins out, how many each gets, who can take a share, and what is left."""

from bot.domain.chests import Chest
from bot.services.chests import ChestView
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.cross_links import chest_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def chest_card(view: ChestView, reader: Reader) -> Reply:
    """Return the message of a chest as it is now, with a button as long as there are shares."""
    chest, sponsor = view.chest, mentions.member(view.sponsor_id, reader)
    if not chest.is_open:
        return reply(_closed(chest, sponsor, reader))
    lines = [
        reader._("{sponsor} shares out {coins}.", sponsor=sponsor, coins=f"**{reader.coins(_whole(chest))}**"),
        shares_of(chest.shares, chest.share, reader),
        "",
        f"{_taken(chest, reader)} · " + reader._("Ends {when}", when=reader.when(chest.until_ms)),
        "-# " + who_can(chest.account_days, chest.joined_hours, reader),
    ]
    card = Card(theme.GOLD, (Part("\n".join(lines)),), title="🧰 " + reader._("A chest for everyone"))
    return reply(card, [chest_button(chest.chest_id, reader)])


def shares_of(shares: int, share: int, reader: Reader) -> str:
    """Return how coins are split: "50 equal shares: 🪙 20 each"."""
    return reader.n_(
        "{n} equal share: {coins} each", "{n} equal shares: {coins} each", shares, coins=f"**{reader.coin(share)}**"
    )


def who_can(account_days: int, joined_hours: int, reader: Reader) -> str:
    """Return who can take a share, and how many. The sponsor reads it before opening the chest, and then everybody
    does."""
    sentences = [reader._("One share for each member.")]
    if account_days:
        sentences.append(
            reader.n_(
                "Discord accounts have to be at least {n} day old.",
                "Discord accounts have to be at least {n} days old.",
                account_days,
            )
        )
    if joined_hours:
        sentences.append(
            reader.n_(
                "Members need to have been here for {n} hour.",
                "Members need to have been here for {n} hours.",
                joined_hours,
            )
        )
    return " ".join(sentences)


def _whole(chest: Chest) -> int:
    return chest.share * chest.shares


def _taken(chest: Chest, reader: Reader) -> str:
    return reader._(
        "{taken} of {shares} taken", taken=f"**{reader.number(chest.taken)}**", shares=reader.number(chest.shares)
    )


def _closed(chest: Chest, sponsor: str, reader: Reader) -> Card:
    lines = [
        reader._("{sponsor} shared out {coins}.", sponsor=sponsor, coins=f"**{reader.coins(_whole(chest))}**"),
    ]
    if chest.left:
        lines.append(_taken(chest, reader))
        back = reader.coins(chest.left * chest.share)
        lines.append(reader._("The rest went back to {sponsor}: {coins}.", sponsor=sponsor, coins=back))
    else:
        lines.append(
            reader.n_(
                "{n} member has taken a share: {coins} each.",
                "{n} members have taken a share: {coins} each.",
                chest.taken,
                coins=reader.coin(chest.share),
            )
        )
    title = reader._("The chest is closed") if chest.left else reader._("The chest is empty")
    return Card(theme.GREY, (Part("\n".join(lines)),), title=f"🧰 {title}")
