"""The file with which staff answer a dispute. Banks and providers read English, so only headings are translated too."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bot.domain.evidence import Evidence, Spending
from bot.domain.ledger.gift import facts_of
from bot.domain.orders import Order
from bot.ui.kit.cards import Document
from bot.ui.looks.consents import CONSENTS
from bot.ui.text.reader import N_, Reader, reader_for

MOST_GIFTS = 200
"""Gifts that are listed one by one. Those after them are summed up."""

Names = Mapping[int, str]
"""What members are called, as far as Discord says."""


def evidence_document(evidence: Evidence, names: Names, reader: Reader) -> Document:
    """Return the file. `reader` is the guild's language, for the headings."""
    english = reader_for("en-US")
    number = evidence.case.case_id
    lines = [f"Evidence for disputed payment, case #{number}", f"Written on {_time(evidence.collected_ms)}", ""]
    sections = (
        (N_("The payment"), _payment(evidence, english)),
        (N_("What the buyer agreed to"), _consent(evidence.order, english)),
        (N_("What the buyer received"), _delivery(evidence)),
        (N_("What the coins bought"), _gifts(evidence, names)),
        (N_("Earlier purchases that nobody disputed"), _earlier(evidence, english)),
        (N_("What these records lack"), _limits()),
    )
    fact = 0
    for heading, facts in sections:
        lines += [_heading(heading, reader), ""]
        for text in facts:
            fact += 1
            lines.append(f"{fact}. {text}")
        lines.append("")
    return Document(f"evidence-case-{number}.txt", "\n".join(lines))


def _heading(heading: str, reader: Reader) -> str:
    translated = reader._(heading)
    return f"== {heading} ==" if translated == heading else f"== {heading} / {translated} =="


def _payment(evidence: Evidence, english: Reader) -> Iterable[str]:
    order, case = evidence.order, evidence.case
    yield f"Order {order.order_id} in Discord server {order.guild_id}, by Discord member {order.member_id}."
    yield f"{english.money(case.amount_minor, case.currency)} for {english.number(order.coins)} coins."
    if order.presented_minor is not None and order.presented_currency is not None:
        amount = english.money(order.presented_minor, order.presented_currency)
        yield f"The checkout showed this to the buyer, and charged it, as {amount}."
    yield f"Paid through {case.provider}, payment {case.external_id}."
    if order.test:
        yield "This was a test: no real money was paid."
    if order.refunded_minor:
        yield f"Refunded so far: {english.money(order.refunded_minor, case.currency)}."
    yield f"We learned of the dispute on {_time(case.opened_ms)}."
    for dispute in evidence.observation.disputes if evidence.observation is not None else ():
        amount = english.money(dispute.amount_minor, case.currency)
        due = f", evidence due by {_time(dispute.due_ms)}" if dispute.due_ms is not None else ""
        yield f"Dispute {dispute.dispute_id} over {amount}: {dispute.status}{due}."
    if evidence.due_ms is None:
        yield "The provider did not say by when evidence is due. Look it up there."


def _consent(order: Order, english: Reader) -> Iterable[str]:
    terms = f"{english.number(order.coins)} coins for {english.money(order.price_minor, order.currency)}"
    yield f"On {_time(order.consented_ms)}, before paying, the buyer was shown this price and agreed to it: {terms}."
    texts = CONSENTS.get(order.consent_version)
    if texts is None:
        yield "The buyer agreed in a form whose text had no number yet."
        return
    yield f"The buyer ticked these boxes, which were not ticked in advance (text version {order.consent_version}):"
    yield from (f"“{text}”" for text in texts)


def _delivery(evidence: Evidence) -> Iterable[str]:
    credit = evidence.credit
    if credit is None:
        yield "No coins were added for this payment."
        return
    yield f"Receipt #{credit.seq}: the coins were added to the buyer's balance on {_time(credit.at_ms)}."
    yield "Coins can be used at once, only in this server, and only as gifts to its creators."


def _gifts(evidence: Evidence, names: Names) -> Iterable[str]:
    gifts = evidence.gifts
    if not gifts:
        yield "None of these coins have been spent on gifts."
        return
    coins, total = evidence.spent_coins, evidence.order.coins
    yield f"The buyer spent {coins:,} of the {total:,} coins on {_number_of(gifts)}, oldest coins first:"
    yield from (_gift(spending, names) for spending in gifts[:MOST_GIFTS])
    if rest := gifts[MOST_GIFTS:]:
        coins = sum(spending.coins for spending in rest)
        yield f"{_number_of(rest, 'more ')} with {coins:,} coins, until {_time(rest[-1].gift.at_ms)}."


def _number_of(gifts: Sequence[Spending], which: str = "") -> str:
    return f"{len(gifts):,} {which}{'gift' if len(gifts) == 1 else 'gifts'}"


def _gift(spending: Spending, names: Names) -> str:
    gift, facts = spending.gift, facts_of(spending.gift)
    name = names.get(gift.other_id, "")
    creator = f"{name} ({gift.other_id})" if name else str(gift.other_id or "whose data was erased")
    text = (
        f"{_time(gift.at_ms)}, receipt #{gift.seq}: {facts['count']} × {facts['name']} for creator {creator}, "
        f"{spending.coins:,} coins of this purchase"
    )
    if spending.undone:
        text += f"; {spending.undone} taken back later, and the coins returned"
    channel = facts["live_channel"] or facts["channel"]
    if channel:
        text += f". Sent in https://discord.com/channels/{gift.guild_id}/{channel}"
        text += f"/{facts['message']}" if facts["message"] else ""
    return text


def _earlier(evidence: Evidence, english: Reader) -> Iterable[str]:
    orders = evidence.earlier
    if not orders:
        yield "None."
        return
    yield f"{len(orders):,} earlier purchases by the same member were paid and neither refunded nor disputed."
    for order in (orders[0], *orders[1:][-4:]):
        days = (evidence.order.consented_ms - order.consented_ms) // 86_400_000
        price = english.money(order.price_minor, order.currency)
        yield f"{_time(order.consented_ms)}, {days} days before this one: {price}, payment {order.external_id}."


def _limits() -> Iterable[str]:
    yield "They hold no name, e-mail address, card or IP address of the buyer. The payment provider has these."
    yield "Times are in UTC. Receipts are entries of a journal in which no entry can change unnoticed."


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
