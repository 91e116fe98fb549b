"""What flags look like: the sentence that says what is odd, the gifts it is about, and what they hold."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.domain.flags import WINDOW_DAYS, Flag, FlagKind, FlagOutcome
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.receipts import Receipt
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit import pages as page_numbers
from bot.ui.kit.cards import Card, Part
from bot.ui.looks.entries import gift_between
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader

LISTED: Final = 12
"""Gifts that are shown one by one, the newest."""


def number(flag: Flag, reader: Reader) -> str:
    """Return the name of a flag."""
    return reader._("Flag #{number}", number=flag.flag_id)


def flags_card(rows: Sequence[Flag], viewer: int, page: int, pages: int, reader: Reader) -> Card:
    """Return a page of open flags."""
    title = "🚩 " + reader._("Flags to review")
    if not rows:
        text = reader._("There's nothing to review. I check the books once a day.")
        return Card(theme.GREEN, (Part(text),), title=title)
    intro = reader._("Each one says what looks odd, and holds what those gifts earned. It may well be fine.")
    parts = [
        Part(f"{sentence(flag, viewer, reader)}\n-# {_details(flag, reader)}", number(flag, reader)) for flag in rows
    ]
    return Card(theme.AMBER, (Part(intro), *parts), title=title, footer=page_numbers.footer(reader, page, pages))


def flag_card(flag: Flag, gifts: Sequence[Receipt], viewer: int, reader: Reader, *, news: str = "") -> Card:
    """Return one flag with the newest of the gifts that it names, and what was decided.

    A member whom it names sees none of this.
    """
    if flag.concerns(viewer):
        return Card(theme.AMBER, (Part(sentence(flag, viewer, reader)),), title="🚩 " + number(flag, reader))
    parts = [Part("\n\n".join(filter(None, [news, sentence(flag, viewer, reader)])))]
    if gifts:
        parts.append(Part("\n".join(_gifts(flag, gifts, reader)), reader._("Gifts")))
    if held := _held(flag, reader):
        parts.append(Part(held, reader._("Held because of this")))
    small = [_details(flag, reader)]
    if flag.outcome in _OUTCOMES:
        facts = {
            "member": mentions.member(flag.decided_by, reader),
            "when": reader.when(flag.decided_ms),
        }
        small.append(reader._(_OUTCOMES[flag.outcome], **facts))
    parts.append(Part("\n".join(f"-# {line}" for line in small)))
    colour = theme.AMBER if flag.is_holding else theme.GREEN
    return Card(colour, tuple(parts), title="🚩 " + number(flag, reader))


def question(flag: Flag, viewer: int, reader: Reader) -> Card:
    """Return what taking back the gifts of a flag does, before it is done."""
    count = reader.n_("I'll take back {n} gift.", "I'll take back {n} gifts.", len(flag.seqs))
    lines = [
        sentence(flag, viewer, reader),
        "",
        count + " " + reader._("The coins go back to those who sent them."),
        reader._("Leaderboards and goals are corrected. Earnings that are gone become a debt."),
    ]
    return Card(theme.AMBER, (Part("\n".join(lines)),), title="🚩 " + number(flag, reader))


def sentence(flag: Flag, viewer: int, reader: Reader) -> str:
    """Return what is odd, except to those whom it names: creators never learn who sent them anonymous gifts."""
    if flag.concerns(viewer):
        return reader._("This flag is about you, so somebody else has to decide.")
    return _SENTENCES[flag.kind](flag, reader)


def failed(failures: int, reader: Reader) -> str:
    """Return how many gifts could not be taken back."""
    return reader.n_(
        "{n} gift couldn't be taken back. Its earnings stay held.",
        "{n} gifts couldn't be taken back. Their earnings stay held.",
        failures,
    )


def _details(flag: Flag, reader: Reader) -> str:
    when = reader.when(flag.opened_ms)
    if flag.kind is FlagKind.MANUAL:
        return when
    days = reader.n_("In the last {n} day", "In the last {n} days", WINDOW_DAYS)
    return f"{days} · {when}"


def _gifts(flag: Flag, gifts: Sequence[Receipt], reader: Reader) -> list[str]:
    lines = [
        " · ".join(
            (
                reader._("#{number}", number=gift.seq),
                gift_between(gift, reader),
                reader.coin(gift_facts(gift)["coins"]),
            )
        )
        for gift in gifts
    ]
    more = len(flag.seqs) - len(gifts)
    return [*lines, reader.n_("{n} more", "{n} more", more)] if more else lines


def _held(flag: Flag, reader: Reader) -> str:
    if not flag.is_holding:
        return ""
    lines = [
        f"{mentions.member(creator_id, reader)}: **{reader.diamonds(diamonds)}**"
        for creator_id, diamonds in flag.held.items()
        if diamonds
    ]
    return "\n".join(lines)


def _ring(flag: Flag, reader: Reader) -> str:
    members = reader.listed(mentions.member(member_id, reader) for member_id in flag.members)
    return reader._("{members} gave one another {coins} in a circle.", members=members, coins=_coins(flag, reader))


def _funnel(flag: Flag, reader: Reader) -> str:
    return reader.n_(
        "{n} member bought coins for the first time and gave {creator} nearly all of them within a day: {coins}.",
        "{n} members bought coins for the first time and gave {creator} nearly all of them within a day: {coins}.",
        flag.times,
        creator=_first(flag, reader),
        coins=_coins(flag, reader),
    )


def _self_funding(flag: Flag, reader: Reader) -> str:
    return reader.n_(
        "{creator} granted coins to {n} member, and they came back as gifts: {coins}.",
        "{creator} granted coins to {n} members, and they came back as gifts: {coins}.",
        flag.times,
        creator=_first(flag, reader),
        coins=_coins(flag, reader),
    )


def _new_accounts(flag: Flag, reader: Reader) -> str:
    return reader.n_(
        "Most of what {creator} got came from {n} new Discord account: {coins}.",
        "Most of what {creator} got came from {n} new Discord accounts: {coins}.",
        flag.times,
        creator=_first(flag, reader),
        coins=_coins(flag, reader),
    )


def _burst(flag: Flag, reader: Reader) -> str:
    return reader.n_(
        "{n} new Discord account sent {creator} the same gift within an hour: {coins}.",
        "{n} new Discord accounts sent {creator} the same gift within an hour: {coins}.",
        flag.times,
        creator=_first(flag, reader),
        coins=_coins(flag, reader),
    )


def _one_pair(flag: Flag, reader: Reader) -> str:
    sender_id, creator_id = flag.members
    return reader._(
        "At least {percent} of what {sender} gave went to {creator}, and at least {percent} of what {creator} got came "
        "from {sender}: {coins}.",
        percent=reader.percent(flag.times),
        sender=mentions.member(sender_id, reader),
        creator=mentions.member(creator_id, reader),
        coins=_coins(flag, reader),
    )


def _refund(flag: Flag, reader: Reader) -> str:
    return reader._(
        "A payment went back after {creator} had been paid for gifts that it bought: {coins}.",
        creator=_first(flag, reader),
        coins=_coins(flag, reader),
    )


def _manual(flag: Flag, reader: Reader) -> str:
    return reader._(
        "{member} flagged receipt #{number}: {note}",
        member=mentions.member(flag.opened_by, reader),
        number=flag.times,
        note=shown(flag.note),
    )


def _first(flag: Flag, reader: Reader) -> str:
    return mentions.member(flag.members[0], reader)


def _coins(flag: Flag, reader: Reader) -> str:
    return f"**{reader.coins(flag.coins)}**"


_SENTENCES: Final[Mapping[FlagKind, Callable[[Flag, Reader], str]]] = {
    FlagKind.RING: _ring,
    FlagKind.FUNNEL: _funnel,
    FlagKind.SELF_FUNDING: _self_funding,
    FlagKind.NEW_ACCOUNTS: _new_accounts,
    FlagKind.BURST: _burst,
    FlagKind.ONE_PAIR: _one_pair,
    FlagKind.REFUND_AFTER_PAYOUT: _refund,
    FlagKind.MANUAL: _manual,
}
"""What each kind of flag says. A kind that is missing raises."""

_OUTCOMES: Final[Mapping[FlagOutcome, str]] = {
    FlagOutcome.CLEARED: N_("{member} cleared this {when}. Nothing is held any more."),
    FlagOutcome.UPHELD: N_("{member} decided {when} to keep the hold."),
    FlagOutcome.REVERSED: N_("{member} took the gifts back {when}."),
}
