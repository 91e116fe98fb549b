"""What a wallet looks like."""

from collections.abc import Callable, Mapping

from bot.domain.ledger import unspent_tests
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.ledger.payout import facts_of as payout_facts
from bot.domain.ledger.reinstatement import facts_of as reinstatement_facts
from bot.domain.ledger.reversal import facts_of as reversal_facts
from bot.domain.orders import Cause
from bot.domain.text import shown
from bot.domain.wallets import Wallet, WalletLine
from bot.services.wallets import Overview
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card, Part
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader

HISTORY = discord_limits.FIELD_VALUE
"""How long the newest entries may be together, in characters."""


def wallet(overview: Overview, reader: Reader) -> Card:
    """Return the balance, its parts, and the newest entries."""
    balances = overview.wallet
    title = " · ".join(part for part in (reader._("Your balance"), shown(reader.currency.name)) if part)
    # Whoever has nothing but test coins, as where there is no other payment, sees those first.
    only_test = balances.test > 0 and not balances.total
    headline = reader.coins(balances.test if only_test else balances.total, is_test=only_test)
    parts = [Part(f"# {headline}\n{_sums(overview, reader)}")]
    if balances.debt:
        about = reader._("New coins pay off what you owe first. After that, you can send gifts again.")
        parts.append(Part(f"{reader.coin(balances.debt)}\n-# {about}", reader._("You owe")))
    if balances.test or balances.test_debt:
        parts.append(Part(_test_coins(balances, reader), reader._("Test coins")))
    if balances.earnings:
        earned = f"{reader.diamonds(balances.earnings)}\n-# {_earning(overview, reader)}"
        parts.append(Part(earned, reader._("Your earnings")))
    if balances.test_earnings:
        about = reader._("From test coins. They are never paid out.")
        earned = f"{reader.diamonds(balances.test_earnings)}\n-# {about}"
        parts.append(Part(earned, f"{theme.TEST} " + reader._("Test earnings")))
    if overview.lines:
        lines = discord_limits.lines([_line(line, reader) for line in overview.lines], HISTORY)
        parts.append(Part(lines, reader._("Recent history")))
    elif not balances.debt:
        parts.append(Part("-# " + reader._("Nothing here yet. Get coins with `/buy` or from a moderator.")))
    return Card(theme.ROSE, tuple(parts), title=title)


def _sums(overview: Overview, reader: Reader) -> str:
    """Return what the balance consists of, and what was spent."""
    balances = overview.wallet
    bought, promo, spent = (
        f"{name}: **{reader.coin(coins)}**"
        for name, coins in (
            (reader._("Bought"), balances.paid),
            (reader._("Promo"), balances.promo),
            (reader._("Spent this month"), overview.spent_this_month),
        )
    )
    lines = [f"{bought} · {promo}", spent]
    if balances.promo:
        lines.append(f"-# {_kinds(overview, reader)}")
    return "\n".join(lines)


def _test_coins(balances: Wallet, reader: Reader) -> str:
    lines = [f"{theme.TEST} {reader.number(balances.test)}"]
    if balances.test_debt:
        lines.append(reader._("You owe") + ": " + reader.coins(balances.test_debt, is_test=True))
    about = reader._("From test payments. They're spent before bought coins, and never together with them.")
    return "\n".join([*lines, f"-# {about}"])


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
    coin = theme.TEST if line.is_test else reader.coin_emoji()
    diamond = f"{theme.TEST} {theme.DIAMOND}" if line.is_test else theme.DIAMOND
    changes: list[str] = []
    if line.amount:
        changes.append(_change(line.amount, coin, reader))
    if line.earned:
        changes.append(_change(line.earned, diamond, reader))
    if line.debt_change:
        changes.append(reader._("{change} owed", change=_change(line.debt_change, coin, reader)))
    number = reader._("Receipt #{number}", number=line.seq)
    parts = " ".join(changes), DESCRIPTIONS[line.kind](line, reader)
    return f"{' · '.join(filter(None, parts))}\n-# {number} · {reader.when(line.at_ms)}"


def _change(amount: int, emoji: str, reader: Reader) -> str:
    return f"**{'+' if amount > 0 else '−'}{reader.number(abs(amount))}** {emoji}"


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
    text = reader._("Granted: {reason}", reason=shown(note)) if note else reader._("Granted")
    return " · ".join(filter(None, (text, mentions.goodwill(line.receipt, reader))))


def _grants_undo(line: WalletLine, reader: Reader) -> str:
    number, note = line.receipt.facts["of"], line.receipt.note
    if not note:
        return reader._("Receipt #{number} reversed", number=number)
    return reader._("Receipt #{number} reversed: {reason}", number=number, reason=shown(note))


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
    Cause.DECLINED: N_("Gift of receipt #{number} declined"),
    Cause.STAFF_DECLINED: N_("Gift of receipt #{number} declined"),
    Cause.WITHDRAWAL: N_("Withdrew from receipt #{number}"),
}


def _reinstatement(line: WalletLine, reader: Reader) -> str:
    return reader._("Payment of receipt #{number} stands again", number=reinstatement_facts(line.receipt)["of"])


def _unspent_tests(line: WalletLine, reader: Reader) -> str:
    coins = reader.coins(unspent_tests.facts_of(line.receipt)["coins"])
    return f"{theme.TEST} " + reader._("{coins} from test payments became test coins", coins=coins)


def _payout_request(line: WalletLine, reader: Reader) -> str:
    return reader._("Payout requested")


def _payout(line: WalletLine, reader: Reader) -> str:
    paid = reader.diamonds(payout_facts(line.receipt)["coins"])
    return reader._("{diamonds} paid out: {reference}", diamonds=f"**{paid}**", reference=shown(line.receipt.note))


def _payout_rejection(line: WalletLine, reader: Reader) -> str:
    facts, note = payout_facts(line.receipt), line.receipt.note
    return reader._("Payout #{payout} rejected: {reason}", payout=facts["payout"], reason=shown(note))


DESCRIPTIONS: Mapping[str, Callable[[WalletLine, Reader], str]] = {
    "gift": _gift,
    "order": _order,
    "grant": _grant,
    "grants": _grant,
    "claim": lambda _line, reader: reader._("Claimed from an offer"),
    "grants_undo": _grants_undo,
    "reversal": _reversal,
    "reinstatement": _reinstatement,
    "test_coins": _unspent_tests,
    "payout_request": _payout_request,
    "payout": _payout,
    "payout_rejection": _payout_rejection,
}
"""What an entry is about, by kind of money. A kind that is missing raises."""
