"""What staff see of a member whom they look up."""

from collections.abc import Callable, Mapping, Sequence

from bot.domain.flags import Flag
from bot.domain.lookups import Lookup, LookupKind
from bot.domain.orders import Order
from bot.domain.payment_cases import Outcome, PaymentCase
from bot.domain.text import shown
from bot.domain.wallets import WalletLine
from bot.ui import theme
from bot.ui.kit import pages as page_numbers
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button, Option
from bot.ui.looks import entries
from bot.ui.looks.orders import ORDER_STATES, bought, price_of
from bot.ui.looks.payment_methods import method_name
from bot.ui.looks.staff_acts import OUTCOMES
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader, joined

_KINDS = {
    LookupKind.ALL: N_("All entries"),
    LookupKind.GIFTS: N_("Gifts"),
    LookupKind.PURCHASES: N_("Purchases"),
    LookupKind.GRANTS: N_("Grants"),
    LookupKind.REVERSALS: N_("What was taken back"),
}


def kind_name(kind: LookupKind, reader: Reader) -> str:
    """Return what a kind of entries is called."""
    return reader._(_KINDS[kind])


def lookup(entry: Lookup, buttons: Mapping[int, Button], frozen: Sequence[Part], pages: int, reader: Reader) -> Card:
    """Return what is known of a member. `buttons` stand beside the rows with these numbers, `frozen` above them."""
    parts = [Part("\n".join([mentions.member(entry.member_id, reader), *_balances(entry, reader)]))]
    if beside := [*_orders(entry, reader), *_cases(entry, reader)]:
        parts.append(Part("\n".join(beside), reader._("Orders and cases")))
    parts += frozen
    heading = _heading(entry, reader)
    if not entry.lines:
        parts.append(Part(reader._("No entries."), heading))
    else:
        parts.append(Part(_span(entry, reader), heading))
        parts += [Part(_line(line, entry, reader), button=buttons.get(line.seq)) for line in entry.lines]
    footer = page_numbers.footer(reader, entry.filter.page, pages)
    return Card(theme.ROSE, tuple(parts), title="🔎 " + reader._("Lookup"), footer=footer)


def _heading(entry: Lookup, reader: Reader) -> str:
    return kind_name(entry.filter.kind, reader)


def _span(entry: Lookup, reader: Reader) -> str:
    """Return how many entries there are, and from when."""
    text = reader.n_("{n} entry", "{n} entries", entry.count)
    if entry.filter.from_ms:
        text += " · " + reader._("from {when}", when=reader.moment(entry.filter.from_ms))
    if entry.filter.until_ms:
        text += " · " + reader._("until {when}", when=reader.moment(entry.filter.until_ms))
    return f"-# {text}"


def _balances(entry: Lookup, reader: Reader) -> list[str]:
    wallet = entry.wallet
    lines = [
        reader._(
            "{coins} bought, {promo} promo",
            coins=f"**{reader.coin(wallet.paid)}**",
            promo=f"**{reader.coin(wallet.promo)}**",
        )
    ]
    if wallet.test:
        lines.append(reader.coins(wallet.test, is_test=True))
    if wallet.debt or wallet.test_debt:
        owed = [reader.coin(wallet.debt)] if wallet.debt else []
        owed += [reader.coins(wallet.test_debt, is_test=True)] if wallet.test_debt else []
        lines.append("⚠️ " + reader._("Owed: {coins}", coins=reader.listed(owed)))
    if wallet.earnings or wallet.reserved or wallet.test_earnings:
        test = f" · {joined(theme.TEST, reader.diamonds(wallet.test_earnings))}" if wallet.test_earnings else ""
        lines.append(reader._("Earnings: {diamonds}", diamonds=_earnings(entry, reader)) + test)
    if entry.lots:
        unspent = [
            reader._(
                "{coins} of receipt #{number}",
                coins=reader.coins(lot.coins, is_test=True) if lot.is_test else reader.coin(lot.coins),
                number=lot.seq,
            )
            for lot in entry.lots
        ]
        lines.append("-# " + reader._("Unspent: {purchases}", purchases=reader.listed(unspent)))
    return lines


def _earnings(entry: Lookup, reader: Reader) -> str:
    """Return what can be paid out, and what cannot yet."""
    wallet, sums = entry.wallet, [reader._("{diamonds} available", diamonds=reader.diamonds(entry.available))]
    if held := wallet.earnings - entry.available:
        sums.append(reader._("{diamonds} held", diamonds=reader.diamonds(held)))
    if wallet.reserved:
        sums.append(reader._("{diamonds} reserved for a payout", diamonds=reader.diamonds(wallet.reserved)))
    return reader.listed(sums)


def flag_option(line: WalletLine, names: Mapping[int, str], reader: Reader) -> Option:
    """Return a row as a line of a menu, in which nothing but words and standard emoji shows. `names` are those of
    members."""
    number = reader._("#{number}", number=line.seq)
    what = mentions.in_plain(DESCRIPTIONS[line.kind](line, reader), names)
    return Option(f"{number} · {what}", line.seq, description=_amount(line, reader), emoji="🚩")


def _amount(line: WalletLine, reader: Reader) -> str:
    """Return by how much a row changes coins and earnings, for a menu."""
    sums = [reader.coins(line.amount, plain=True, is_test=line.is_test)] if line.amount else []
    if line.earned:
        diamonds = reader.diamonds(line.earned)
        sums.append(joined(theme.TEST, diamonds) if line.is_test else diamonds)
    return " · ".join(sums)


def _orders(entry: Lookup, reader: Reader) -> list[str]:
    return [f"🛒 {_order(order, entry.outcomes.get(order.order_id, 0), reader)}" for order in entry.orders]


def _order(order: Order, outcome_ms: int, reader: Reader) -> str:
    """Return an order with its outcome, and when it was made."""
    price, method = price_of(order, reader), method_name(order.provider, reader)
    coins = reader.coins(order.coins, is_test=True) if order.test else reader.coin(order.coins)
    text = reader._("{coins} for {price}", coins=coins, price=price)
    outcome = _at(reader._(ORDER_STATES[order.state]), outcome_ms, reader)
    return " · ".join((text, method, outcome, reader._("ordered {when}", when=reader.when(order.consented_ms))))


def _cases(entry: Lookup, reader: Reader) -> list[str]:
    return [f"🔎 {_case(case, reader)}" for case in entry.cases]


def _case(case: PaymentCase, reader: Reader) -> str:
    outcome = _at(reader._(OUTCOMES[Outcome(case.outcome)]), case.decided_ms, reader)
    text = reader._("Case #{number}: {outcome}", number=case.case_id, outcome=outcome)
    return f"{text} · " + reader._("opened {when}", when=reader.when(case.opened_ms))


def _at(outcome: str, at_ms: int, reader: Reader) -> str:
    """Return an outcome with its time, 0 for one that nobody has noted."""
    return f"{outcome} {reader.when(at_ms)}" if at_ms else outcome


def _line(line: WalletLine, entry: Lookup, reader: Reader) -> str:
    coin = theme.TEST if line.is_test else reader.coin_emoji()
    diamond = joined(theme.TEST, theme.DIAMOND) if line.is_test else theme.DIAMOND
    changes = [reader.change(line.amount, coin)] if line.amount else []
    changes += [reader.change(line.earned, diamond)] if line.earned else []
    if line.debt_change:
        changes.append(reader._("{change} owed", change=reader.change(line.debt_change, coin)))
    text = DESCRIPTIONS[line.kind](line, reader)
    note = "" if line.kind in entries.NOTED else line.receipt.note
    lines = [" · ".join(filter(None, (" ".join(changes), text))), f"> {shown(note)}" if note else ""]
    small = [reader._("Receipt #{number}", number=line.seq), reader.moment(line.at_ms)]
    if line.seq in entry.taken_back:
        is_whole = not entry.is_reversible(line)
        small.append(reader._("taken back") if is_whole else reader._("partly taken back"))
    return "\n".join([*filter(None, lines), "-# " + " · ".join(small)])


def _grant(line: WalletLine, reader: Reader) -> str:
    return reader._("Granted by {member}", member=mentions.member(line.receipt.actor_id, reader))


def _reversal(line: WalletLine, reader: Reader) -> str:
    number = line.receipt.facts["of"]
    if not number:
        return reader._("A payment for gifts to you went back")
    if "cause" in line.receipt.facts:
        return reader._("Receipt #{number} reversed", number=number)
    return reader._(
        "Receipt #{number} reversed by {member}",
        number=number,
        member=mentions.member(line.receipt.actor_id, reader),
    )


def _reinstatement(line: WalletLine, reader: Reader) -> str:
    number = line.receipt.facts["of"]
    if not number:
        return reader._("A payment for gifts to you stands again")
    return reader._("Payment of receipt #{number} stands again", number=number)


DESCRIPTIONS: Mapping[str, Callable[[WalletLine, Reader], str]] = {
    **entries.DESCRIPTIONS,
    "gift": lambda line, reader: entries.gift_between(line.receipt, reader),
    "order": bought,
    "grant": _grant,
    "grants": _grant,
    "claim": lambda _line, r: r._("Claimed from an offer"),
    "chest": lambda _line, r: r._("Shared out in a chest"),
    "chest_share": lambda _line, r: r._("Taken from a chest"),
    "chest_return": lambda _line, r: r._("Left over from a chest"),
    "reversal": _reversal,
    "reinstatement": _reinstatement,
}
"""What an entry is about, by kind of money. A kind that is missing raises."""


def flagged(flag: Flag, reader: Reader) -> Card:
    """Return that a row is flagged, and what follows."""
    lines = [reader._("I've flagged receipt #{number}. Treasurers decide about it with `/cases`.", number=flag.times)]
    if any(flag.held.values()):
        lines.append(reader._("What the gift has earned is held until then."))
    return Card.of("\n".join(lines), theme.AMBER)
