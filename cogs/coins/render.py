"""What grants and reversals look like."""

from collections.abc import Callable, Iterator, Mapping

import discord

from bot.domain.ledger.books import Decision
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.grant import facts_of as grant_facts
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.ledger.reversal import facts_of
from bot.domain.ledger.undoing import ReversalFacts
from bot.domain.packages import Package
from bot.domain.receipts import Receipt
from bot.services.reversals import ReversalPreview
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, last_headed
from bot.ui.text import mentions
from bot.ui.text.estimates import worth
from bot.ui.text.reader import Reader, joined


def granted(receipt: Receipt, reader: Reader, approver_id: int = 0) -> Card:
    """Return the receipt of a grant, for the manager who made it. It names the member who has just confirmed it, if
    there is one."""
    text = reader._(
        "{member} got {coins}.",
        member=mentions.member(receipt.other_id, reader),
        coins=f"**{reader.coins(grant_facts(receipt)['coins'])}**",
    )
    approver = mentions.member(approver_id, reader)
    approval = reader._("{member} confirmed this.", member=approver) if approver_id else ""
    paid_off, goodwill = mentions.paid_off(receipt, reader), mentions.goodwill(receipt, reader)
    lines = filter(None, (text, goodwill, paid_off, mentions.quoted(receipt.note), approval))
    return Card(
        theme.GREEN,
        (Part("\n".join(lines)),),
        title="🎁 " + reader._("Coins granted"),
        footer=reader._("Receipt #{number}", number=receipt.seq),
    )


def grant_preview(grant: Grant, preview: Decision, package: Package | None, reader: Reader) -> Card:
    """Return what a large grant will do. The reason stands in the last part."""
    facts = grant_facts(preview)
    member = mentions.member(grant.member_id, reader)
    balance = facts["paid_after"] + facts["promo_after"]
    estimate = worth(grant.amount, package, reader)
    lines = [
        f"-# {estimate}" if estimate else "",
        reader._("New balance for {member}: {coins}", member=member, coins=f"**{reader.coins(balance)}**"),
        mentions.goodwill(preview, reader),
        mentions.paid_off(preview, reader),
    ]
    return Card(
        theme.AMBER,
        (Part("\n".join(filter(None, lines))), *reason_part(preview.note, reader)),
        title="🎁 " + reader._("Grant {coins}?", coins=reader.coins(grant.amount)),
        footer=reader._("Nothing happens until you press the button."),
    )


def reason_in(panel: discord.Message | None) -> str:
    """Return the reason in a panel that asks, exactly as it was typed."""
    # It is too long for a custom_id, and nothing is stored between preview and press.
    return mentions.unquoted(last_headed(panel)) if panel else ""


def reversal_preview(preview: ReversalPreview, reader: Reader) -> Card:
    """Return what a reversal will do. The reason, if there is one, stands in the last part."""
    receipt, facts = preview.receipt, facts_of(preview.decision)
    lines = [_SUBJECTS[receipt.kind](receipt, reader), *_part(facts, receipt, reader), *_remarks(facts, reader)]
    if preview.perks:
        names = reader.listed(f"**{mentions.perk(perk.name, perk.emoji, reader)}**" for perk in preview.perks)
        lines.append(reader._("✨ I also take what these coins unlocked: {perks}.", perks=names))
    changes = Part(_changes(facts, receipt, reader), reader._("What changes"))
    return Card(
        theme.AMBER,
        (Part("\n".join(lines)), changes, *reason_part(preview.decision.note, reader)),
        title="↩️ " + reader._("Reverse receipt #{number}?", number=receipt.seq),
        footer=reader._("A reversal is final. Everyone it affects sees it in their history."),
    )


def reversed_receipt(receipt: Receipt, original: Receipt, reader: Reader) -> Card:
    """Return the receipt of a reversal of `original`, for the manager who made it."""
    facts = facts_of(receipt)
    lines = [_SUBJECTS[original.kind](original, reader), *_part(facts, original, reader)]
    changes = Part(_changes(facts, original, reader), reader._("What changed"))
    return Card(
        theme.GREEN,
        (Part("\n".join(lines)), changes, *reason_part(receipt.note, reader)),
        title="↩️ " + reader._("Receipt #{number} reversed", number=facts["of"]),
        footer=reader._("Receipt #{number}", number=receipt.seq),
    )


def reason_part(note: str, reader: Reader) -> list[Part]:
    """Return the part with the reason, nothing if there is none yet."""
    return [Part(mentions.quoted(note), reader._("Reason"))] if note else []


def _gift(receipt: Receipt, reader: Reader) -> str:
    return reader._(
        "{gift} from {sender} to {creator}",
        gift=f"**{theme.TEST + ' ' if receipt.is_test else ''}{mentions.gift_of(gift_facts(receipt), reader)}**",
        sender=mentions.member(receipt.actor_id, reader),
        creator=mentions.creators(receipt, reader),
    )


def _order(receipt: Receipt, reader: Reader) -> str:
    facts = order_facts(receipt)
    return reader._(
        "{coins}, bought by {member} for {price}",
        coins=f"**{reader.coins(facts['coins'], is_test=receipt.is_test)}**",
        member=mentions.member(receipt.actor_id, reader),
        price=reader.money(facts["price_minor"], facts["currency"]),
    )


def _grant(receipt: Receipt, reader: Reader) -> str:
    return reader._(
        "{coins}, granted to {member}",
        coins=f"**{reader.coins(grant_facts(receipt)['coins'])}**",
        member=mentions.member(receipt.other_id, reader),
    )


def _claim(receipt: Receipt, reader: Reader) -> str:
    return reader._(
        "{coins}, claimed by {member}",
        coins=f"**{reader.coins(receipt.facts['coins'])}**",
        member=mentions.member(receipt.actor_id, reader),
    )


def _chest_share(receipt: Receipt, reader: Reader) -> str:
    return reader._(
        "{coins}, taken by {member} from a chest of {sponsor}",
        coins=f"**{reader.coins(receipt.facts['coins'])}**",
        member=mentions.member(receipt.actor_id, reader),
        sponsor=mentions.member(receipt.other_id, reader),
    )


_SUBJECTS: Mapping[str, Callable[[Receipt, Reader], str]] = {
    "gift": _gift,
    "order": _order,
    "grant": _grant,
    "claim": _claim,
    "chest_share": _chest_share,
}
"""What is reversed, by kind of money."""


def _part(facts: ReversalFacts, original: Receipt, reader: Reader) -> Iterator[str]:
    """Yield which part is reversed, nothing if it is the whole."""
    whole = original.facts["count" if original.kind == "gift" else "coins"]
    if facts["part"] < whole:
        yield reader._("Only {part} of {whole}.", part=reader.number(facts["part"]), whole=reader.number(whole))


def _remarks(facts: ReversalFacts, reader: Reader) -> Iterator[str]:
    """Yield what staff should know before they confirm."""
    if facts["of_kind"] == "gift":
        yield reader._(
            "Leaderboards, goals and totals are corrected. Reached goals stay reached, and announcements stay."
        )
    if facts["of_kind"] == "order":
        yield reader._("This doesn't refund the payment. Do that with your payment provider.")
        if facts["earnings"]:
            yield reader._("The creators are told how much they lose, but not whose purchase it was.")
    if facts["debt"] or facts["creator_debt"]:
        yield reader._("Whoever owes coins can't send gifts until new coins have paid that off.")


def _changes(facts: ReversalFacts, original: Receipt, reader: Reader) -> str:
    """Return whose coins change by how much."""
    is_gift = original.kind == "gift"
    member = mentions.member(original.other_id if original.kind == "grant" else original.actor_id, reader)
    # Without names: gifts can be anonymous.
    creator = mentions.creators(original, reader) if is_gift else reader._("Held earnings of creators")
    wallet, house, share = facts["paid"] + facts["promo"], reader._("Server's share"), facts["earnings"]
    coin, diamond = reader.coin_emoji(), theme.DIAMOND
    if facts.get("test"):
        coin, diamond = theme.TEST, joined(theme.TEST, theme.DIAMOND)
    debt = reader._("owed by {member}", member=member)
    creator_debt = reader._("owed by {member}", member=creator)
    rows = [
        (member, wallet - facts["payoff"] if is_gift else -wallet, coin),
        (debt, facts["debt"] - facts["payoff"], coin),
        (creator, -share, diamond),
        (creator_debt, facts["creator_debt"], coin),
        (house, -facts["house"], coin),
    ]
    return "\n".join(f"{reader.change(change, emoji)} {whose}" for whose, change, emoji in rows if change)
