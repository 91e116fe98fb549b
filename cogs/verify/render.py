"""What the books say of a receipt: whether it is real, a test, or not there at all."""

from collections.abc import Callable, Mapping

from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.reversal import facts_of as reversal_facts
from bot.services.verification import Verification
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def verification(verified: Verification | None, number: int, reader: Reader) -> Card:
    """Return the verdict first, then what everybody may know of the receipt."""
    if verified is None:
        lines = [
            reader._("Nothing in this server's records has this number."),
            reader._("If somebody showed you this receipt, it isn't from here."),
        ]
        return Card(theme.AMBER, (Part("\n".join(lines)),), title=_title("❌", number, reader))
    receipt = verified.receipt
    lines = [_DESCRIPTIONS.get(receipt.kind, _private)(verified, reader)]
    if receipt.is_test:
        lines.append(f"{theme.TEST} " + reader._("**This is a test.** Nobody paid real money, and it's worth nothing."))
    if taken_back := _taken_back(verified, reader):
        lines.append(taken_back)
    lines.append(f"-# {reader.when(receipt.at_ms)}")
    mark = theme.TEST if receipt.is_test else "↩️" if verified.is_gone else "✅"
    colour = theme.GREY if receipt.is_test or verified.is_gone else theme.ROSE
    return Card(colour, (Part("\n".join(lines)),), title=_title(mark, number, reader))


def _title(mark: str, number: int, reader: Reader) -> str:
    return f"{mark} " + reader._("Receipt #{number}", number=number)


def _gift(verified: Verification, reader: Reader) -> str:
    receipt, facts = verified.receipt, gift_facts(verified.receipt)
    return reader._(
        "{sender} sent {gift} to {creator} for {coins}.",
        sender=mentions.sender(receipt, reader),
        gift=f"**{mentions.gift_of(facts, reader)}**",
        creator=mentions.member(receipt.other_id, reader),
        coins=reader.coins(facts["coins"], is_test=receipt.is_test),
    )


def _order(verified: Verification, reader: Reader) -> str:
    if not verified.is_own:
        return reader._("This is a purchase. Only its buyer sees more here.")
    receipt = verified.receipt
    return reader._("You bought {coins}.", coins=f"**{reader.coins(receipt.facts['coins'], is_test=receipt.is_test)}**")


def _grant(verified: Verification, reader: Reader) -> str:
    receipt = verified.receipt
    if not verified.is_own:
        return reader._("A moderator gave somebody promo coins. Only they see more here.")
    coins = f"**{reader.coins(receipt.facts['coins'])}**"
    return reader._("{member} got {coins} as a grant.", member=mentions.member(receipt.other_id, reader), coins=coins)


def _reversal(verified: Verification, reader: Reader) -> str:
    number = reversal_facts(verified.receipt)["of"]
    # What took earnings of creators names no purchase, or they would know whose it was.
    return reader._("This took back receipt #{number}.", number=number) if number else _private(verified, reader)


def _private(_verified: Verification, reader: Reader) -> str:
    return reader._("This is a booking in this server's records. Only those concerned see more.")


_DESCRIPTIONS: Mapping[str, Callable[[Verification, Reader], str]] = {
    "gift": _gift,
    "order": _order,
    "grant": _grant,
    "reversal": _reversal,
}
"""What a receipt is about, for the kinds that say more than that they are there."""


def _taken_back(verified: Verification, reader: Reader) -> str:
    """Return which part of it is no longer valid, "" for none."""
    if not verified.taken_back:
        return ""
    if verified.is_gone:
        return reader._("It has since been taken back.")
    if verified.is_gift:
        pieces, total = reader.number(verified.taken_back), reader.number(gift_facts(verified.receipt)["count"])
        return reader._("Taken back since: {pieces} of {total}.", pieces=pieces, total=total)
    return reader._("Part of it has since been taken back.")
