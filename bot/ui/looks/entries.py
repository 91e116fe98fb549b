"""What entries of a wallet are about, where members and staff read the same."""

from collections.abc import Callable, Mapping

from bot.domain.ledger import unspent_tests
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.payout import facts_of as payout_facts
from bot.domain.receipts import Receipt
from bot.domain.text import shown
from bot.domain.wallets import WalletLine
from bot.ui import theme
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def gift_between(receipt: Receipt, reader: Reader) -> str:
    """Return a gift, its sender, as far as its reader may know them, and its creator."""
    facts = gift_facts(receipt)
    # The creator of an anonymous gift reads it without its sender, even as staff.
    sender = mentions.member(receipt.actor_id, reader)
    if facts["anonymous"]:
        sender = f"🎭 {sender}" if receipt.actor_id else reader._("Someone")
    return reader._(
        "{gift} from {sender} to {creator}",
        gift=mentions.gift_of(facts, reader),
        sender=sender,
        creator=mentions.member(receipt.other_id, reader),
    )


def _perk(line: WalletLine, reader: Reader) -> str:
    return reader._("Unlocked: {perk}", perk=mentions.perk_of(line.receipt, reader))


def _perk_return(line: WalletLine, reader: Reader) -> str:
    return reader._("Coins back for {perk}", perk=mentions.perk_of(line.receipt, reader))


def _chip_in(line: WalletLine, reader: Reader) -> str:
    facts = line.receipt.facts
    return mentions.gift(facts["name"], facts["emoji"], reader)


def _grants_undo(line: WalletLine, reader: Reader) -> str:
    number, note = line.receipt.facts["of"], line.receipt.note
    if not note:
        return reader._("Receipt #{number} reversed", number=number)
    return reader._("Receipt #{number} reversed: {reason}", number=number, reason=shown(note))


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
    "chip": lambda line, reader: reader._("Chipped in for {gift}", gift=_chip_in(line, reader)),
    "chip_return": lambda line, reader: reader._("Back from chipping in for {gift}", gift=_chip_in(line, reader)),
    "grants_undo": _grants_undo,
    "payout": _payout,
    "payout_rejection": _payout_rejection,
    "payout_request": _payout_request,
    "perk": _perk,
    "perk_return": _perk_return,
    "test_coins": _unspent_tests,
}
"""What an entry is about, by kind of money."""

NOTED = frozenset({"grants_undo", "payout", "payout_rejection"})
"""Kinds whose description has the note of the entry in it."""
