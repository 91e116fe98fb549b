"""What a history looks like."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.wallets import WalletLine
from bot.services.histories import CreatorSpent, MonthSpent, Purchase
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button
from bot.ui.kit.pages import footer
from bot.ui.looks.budgets import bar
from bot.ui.looks.orders import ORDER_STATES, price_of
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from cogs.wallet.render import entry


def entries(lines: Sequence[WalletLine], reader: Reader) -> Card:
    """Return a page of entries, newest first."""
    parts = [Part(entry(line, reader)) for line in lines]
    return _card(parts or [Part(_nothing(reader))], reader)


def months(sums: Sequence[MonthSpent], reader: Reader) -> Card:
    """Return what was spent by month, each with a bar that compares it with the others."""
    most = max((each.coins for each in sums), default=1)
    parts = [
        Part(f"{bar(each.coins * 100 // most)} {_sums(each.coins, each.pieces, reader)}", _month(each.month, reader))
        for each in sums
    ]
    about = Part("-# " + reader._("Gifts you sent, less what came back. Your anonymous gifts are in it."))
    return _card([about, *parts] if parts else [Part(_nothing(reader))], reader)


def creators(sums: Sequence[CreatorSpent], reader: Reader) -> Card:
    """Return what was spent by creator."""
    lines = [
        f"{reader.number(place)}. {mentions.member(each.creator_id, reader)} · "
        + _sums(each.coins, each.pieces, reader)
        for place, each in enumerate(sums, start=1)
    ]
    about = "-# " + reader._("All your gifts, less what came back. Your anonymous ones are in it, for you alone.")
    return _card([Part("\n".join([*lines, about]) if lines else _nothing(reader))], reader)


def purchases(
    of_page: Sequence[Purchase], buttons: Mapping[int, Button], page: int, pages: int, reader: Reader
) -> Card:
    """Return a page of purchases. `buttons` lead out of those orders that can be withdrawn from."""
    parts = [Part(_purchase(purchase, reader), button=buttons.get(purchase.order.order_id)) for purchase in of_page]
    return _card(
        parts or [Part(reader._("You haven't bought anything here yet."))], reader, footer(reader, page, pages)
    )


def receipt(line: WalletLine, reader: Reader) -> Card:
    """Return one entry, and what its owner had afterwards, if they were the one who acted."""
    parts = [entry(line, reader)]
    facts = line.receipt.facts
    if line.amount and {"paid_after", "promo_after"} <= facts.keys():
        after = reader.coins(facts["paid_after"] + facts["promo_after"], is_test=line.is_test)
        parts.append(reader._("After that, you had {coins}.", coins=after))
    parts.append("-# " + reader.moment(line.at_ms))
    title = reader._("Receipt #{number}", number=line.seq)
    return Card(theme.ROSE, (Part("\n".join(parts)),), title=f"🧾 {title}")


def _purchase(purchase: Purchase, reader: Reader) -> str:
    order = purchase.order
    price = price_of(order, reader)
    head = f"**{reader.coins(order.coins, is_test=order.test)}** · {price} · {reader._(ORDER_STATES[order.state])}"
    small = [reader.moment(order.consented_ms), reader._("Order {order}", order=order.order_id)]
    if purchase.seq is not None:
        small.insert(0, reader._("Receipt #{number}", number=purchase.seq))
    if order.refunded_minor:
        small.append(reader._("Paid back: {money}", money=reader.money(order.refunded_minor, order.currency)))
    return f"{head}\n-# {' · '.join(small)}"


def _sums(coins: int, pieces: int, reader: Reader) -> str:
    if not pieces:
        # All of it went for perks.
        return f"**{reader.coin(coins)}**"
    return f"**{reader.coin(coins)}** · {reader.n_('{n} gift', '{n} gifts', pieces)}"


def _month(month: int, reader: Reader) -> str:
    return reader.month(date(month // 100, month % 100, 1))


def _nothing(reader: Reader) -> str:
    return reader._("Nothing here yet. Get coins with `/buy` or from a moderator.")


def _card(parts: Sequence[Part], reader: Reader, small: str = "") -> Card:
    return Card(theme.ROSE, tuple(parts), title="🧾 " + reader._("Your history"), footer=small)
