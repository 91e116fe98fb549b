"""What a wallet looks like."""

from collections.abc import Callable, Mapping

from bot.domain.freezes import Freeze
from bot.domain.ledger import chest
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.reinstatement import facts_of as reinstatement_facts
from bot.domain.ledger.reversal import facts_of as reversal_facts
from bot.domain.orders import Cause
from bot.domain.text import shown
from bot.domain.wallets import Wallet, WalletLine
from bot.services.wallets import Overview
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card, Part
from bot.ui.looks import entries
from bot.ui.looks.budgets import gifts_left
from bot.ui.looks.orders import bought
from bot.ui.looks.profiles import level_line
from bot.ui.text import mentions
from bot.ui.text.freezes import closed
from bot.ui.text.reader import N_, Reader, joined

HISTORY = discord_limits.FIELD_VALUE
"""How long the newest entries may be together, in characters."""


def wallet(overview: Overview, reader: Reader) -> Card:
    """Return the balance, its parts, and the newest entries."""
    balances = overview.wallet
    title = " · ".join(part for part in (reader._("Your balance"), shown(reader.currency.name)) if part)
    # A member who has only test coins, because nothing else can be bought, sees those first.
    only_test = balances.test > 0 and not balances.total
    headline = reader.coins(balances.test if only_test else balances.total, is_test=only_test)
    lines = [f"# {headline}", *([f"-# {_of_tests(reader)}"] if only_test else []), _sums(overview, reader)]
    parts = [Part("\n".join(lines))]
    parts += [_frozen(freeze, reader) for freeze in overview.freezes]
    if balances.debt:
        about = reader._("New coins pay off what you owe first. After that, you can send gifts again.")
        parts.append(Part(f"{reader.coin(balances.debt)}\n-# {about}", reader._("You owe")))
    if test_lines := _test_coins(balances, reader, is_headline=only_test):
        parts.append(Part(test_lines, reader._("Test coins")))
    if balances.earnings:
        earned = f"{reader.diamonds(balances.earnings)}\n-# {_earning(overview, reader)}"
        parts.append(Part(earned, reader._("Your earnings")))
    if balances.test_earnings:
        about = reader._("From test coins. They are never paid out.")
        earned = f"{reader.diamonds(balances.test_earnings)}\n-# {about}"
        parts.append(Part(earned, f"{theme.TEST} " + reader._("Test earnings")))
    if overview.lines:
        lines = discord_limits.lines([entry(line, reader) for line in overview.lines], HISTORY)
        parts.append(Part(lines, reader._("Recent history")))
    elif not balances.debt and not overview.freezes:
        parts.append(Part("-# " + reader._("Nothing here yet. Get coins with `/buy` or from a moderator.")))
    return Card(theme.ROSE, tuple(parts), title=title)


def _frozen(freeze: Freeze, reader: Reader) -> Part:
    """Return what is closed for the member, and why. The coins stay theirs."""
    text = closed(freeze.case.type.value, freeze.case.number, freeze.reason, reader)
    promise = reader._("Your coins stay yours.")
    return Part(f"{text}\n-# {promise}", "🧊 " + reader._("Closed for now"))


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
    lines = [f"{bought} · {promo}", spent, *_budget(overview, reader), f"🏅 {level_line(overview.progress, reader)}"]
    if overview.in_chest:
        lines.insert(1, "🧰 " + reader._("In your chest: {coins}", coins=f"**{reader.coin(overview.in_chest)}**"))
    if balances.promo:
        lines.append(f"-# {_kinds(overview, reader)}")
    return "\n".join(lines)


def _budget(overview: Overview, reader: Reader) -> list[str]:
    """Return what the member's budget has left, or that they take a break; nothing without a budget."""
    until_ms = overview.budget.paused_until_ms
    if until_ms is not None:
        until = reader.moment(until_ms)
        return ["⏸️ " + reader._("You're taking a break from gifts and purchases until {moment}.", moment=until)]
    left = gifts_left(overview.budget.gifted, reader)
    return [left] if left else []


def _test_coins(balances: Wallet, reader: Reader, *, is_headline: bool) -> str:
    """Return the test coins, but not those that are the headline, and what is owed of them; "" for nothing."""
    has_coins = balances.test > 0 and not is_headline
    lines = [f"{reader.amount(theme.TEST, balances.test)}\n-# {_of_tests(reader)}"] if has_coins else []
    if balances.test_debt:
        lines.append(reader._("You owe") + ": " + reader.coins(balances.test_debt, is_test=True))
    return "\n".join(lines)


def _of_tests(reader: Reader) -> str:
    return reader._("From test payments. They're spent before bought coins, and never together with them.")


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


def entry(line: WalletLine, reader: Reader) -> str:
    """Return one entry: what changed, what it is about, and the number of its receipt."""
    coin = theme.TEST if line.is_test else reader.coin_emoji()
    diamond = joined(theme.TEST, theme.DIAMOND) if line.is_test else theme.DIAMOND
    changes: list[str] = []
    if line.amount:
        changes.append(reader.change(line.amount, coin))
    if line.earned:
        changes.append(reader.change(line.earned, diamond))
    if line.debt_change:
        changes.append(reader._("{change} owed", change=reader.change(line.debt_change, coin)))
    number = reader._("Receipt #{number}", number=line.seq)
    parts = " ".join(changes), DESCRIPTIONS[line.kind](line, reader)
    return f"{' · '.join(filter(None, parts))}\n-# {number} · {reader.when(line.at_ms)}"


def _gift(line: WalletLine, reader: Reader) -> str:
    receipt = line.receipt
    gift = mentions.gift_of(gift_facts(receipt), reader)
    # What was chipped in left the wallet before.
    if line.amount < 0 or ("chip_in" in receipt.facts and not line.earned):
        return reader._("{gift} to {creator}", gift=gift, creator=mentions.member(receipt.other_id, reader))
    return reader._("{gift} from {sender}", gift=gift, sender=mentions.sender(receipt, reader))


def _order(line: WalletLine, reader: Reader) -> str:
    return bought(line, reader)


def _grant(line: WalletLine, reader: Reader) -> str:
    note = line.receipt.note
    text = reader._("Granted: {reason}", reason=shown(note)) if note else reader._("Granted")
    return " · ".join(filter(None, (text, mentions.goodwill(line.receipt, reader))))


def _reversal(line: WalletLine, reader: Reader) -> str:
    facts, note = reversal_facts(line.receipt), line.receipt.note
    number = facts["of"]
    if not number:
        # A creator is not to know whose purchase it was.
        return reader._("A payment for gifts to you went back")
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
    number = reinstatement_facts(line.receipt)["of"]
    if not number:
        return reader._("A payment for gifts to you stands again")
    return reader._("Payment of receipt #{number} stands again", number=number)


def _chest(line: WalletLine, reader: Reader) -> str:
    facts = chest.opening_of(line.receipt)
    return reader.n_(
        "Chest with {n} share of {coins}",
        "Chest with {n} shares of {coins}",
        facts["shares"],
        coins=reader.coin(facts["share"]),
    )


def _chest_share(line: WalletLine, reader: Reader) -> str:
    return reader._("From a chest of {member}", member=mentions.member(line.receipt.other_id, reader))


def _chest_return(line: WalletLine, reader: Reader) -> str:
    shares = chest.return_of(line.receipt)["shares"]
    return reader.n_("{n} share of your chest that nobody took", "{n} shares of your chest that nobody took", shares)


DESCRIPTIONS: Mapping[str, Callable[[WalletLine, Reader], str]] = {
    **entries.DESCRIPTIONS,
    "gift": _gift,
    "order": _order,
    "grant": _grant,
    "grants": _grant,
    "claim": lambda _line, reader: reader._("Claimed from an offer"),
    "chest": _chest,
    "chest_share": _chest_share,
    "chest_return": _chest_return,
    "reversal": _reversal,
    "reinstatement": _reinstatement,
}
"""What an entry is about, by kind of money. A kind that is missing raises."""
