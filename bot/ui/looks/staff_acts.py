"""What an act of staff looks like, in their log channel and in the settings: who did what, and why."""

from bot.domain.flags import FlagOutcome
from bot.domain.ledger.chest import ReturnChest, return_of
from bot.domain.ledger.grant import facts_of as grant_facts
from bot.domain.ledger.payout import RejectPayout
from bot.domain.ledger.perk_return import ReturnPerk
from bot.domain.ledger.reversal import facts_of as reversal_facts
from bot.domain.payment_cases import Outcome
from bot.domain.staff_acts import ActKind, StaffAct
from bot.domain.staff_log import LoggedAct
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.looks.payment_methods import METHODS
from bot.ui.looks.staff_act_values import NEW, change_lines
from bot.ui.looks.transfers import refusal_at_stripe
from bot.ui.text import mentions
from bot.ui.text.freezes import case_name
from bot.ui.text.reader import N_, Reader

KINDS = {
    ActKind.SETTINGS: N_("⚙️ Settings"),
    ActKind.ANNOUNCING: N_("📣 Announcements"),
    ActKind.LIMITS: N_("🛒 Limits on buying"),
    ActKind.OFFER: N_("🎟️ Promo code or offer"),
    ActKind.GRANT_LIMITS: N_("🪙 Limits on grants"),
    ActKind.RATES: N_("💱 Exchange rates"),
    ActKind.HOLDS: N_("⏳ Holds"),
    ActKind.PAYMENT_METHODS: N_("💳 Payment methods"),
    ActKind.PACKAGE: N_("📦 Package"),
    ActKind.ITEM: N_("🎁 Catalogue"),
    ActKind.PERK: N_("✨ Perk"),
    ActKind.CREATOR: N_("💎 Creators"),
    ActKind.APPLYING: N_("📝 Applying"),
    ActKind.APPLICATION: N_("📝 Application"),
    ActKind.GRANT: N_("🪙 Coins granted"),
    ActKind.REVERSAL: N_("↩️ Coins taken back"),
    ActKind.CASE: N_("🔎 Case"),
    ActKind.FLAG: N_("🚩 Flag"),
    ActKind.FREEZE: N_("🧊 Freezing"),
    ActKind.PAYMENT: N_("🤝 Payment"),
    ActKind.PAYOUT: N_("💸 Payout"),
    ActKind.PAYOUT_RULES: N_("💸 Payout settings"),
    ActKind.LEVEL_ROLES: N_("🏅 Level roles"),
    ActKind.CLUB_ROLE: N_("💗 Fan club"),
    ActKind.OVERLAY: N_("📺 Overlay"),
    ActKind.CHALLENGE: N_("🎖️ Challenge"),
    ActKind.LIVE: N_("🔴 Live event"),
}
"""What each kind of act is called. One without a name is shown as it is stored: nothing stays unsaid."""

OUTCOMES = {
    Outcome.NONE: N_("open"),
    Outcome.CREDITED: N_("coins added"),
    Outcome.RETURNED: N_("money sent back"),
    Outcome.CLOSED: N_("closed"),
    Outcome.RESOLVED: N_("decided by the bank"),
    Outcome.CONFIRMED: N_("payment confirmed"),
    Outcome.NOT_PAID: N_("not paid"),
    Outcome.ASSIGNED: N_("payment assigned"),
}

_FLAG_OUTCOMES = {
    FlagOutcome.NONE.value: N_("open"),
    FlagOutcome.CLEARED.value: N_("cleared"),
    FlagOutcome.UPHELD.value: N_("earnings stay held"),
    FlagOutcome.REVERSED.value: N_("gifts taken back"),
}


def act_card(logged: LoggedAct, reader: Reader) -> Card:
    """Return an act as a message of its own."""
    act = logged.recorded.act
    text = "\n".join([_actor(act, reader), *_lines(logged, reader)])
    footer = " · ".join((reader._("Act #{number}", number=logged.number), reader.moment(act.at_ms)))
    return Card(theme.GREY, (Part(text),), title=_title(act, reader), footer=footer)


def act_entry(logged: LoggedAct, reader: Reader) -> str:
    """Return an act as an entry of a list."""
    act = logged.recorded.act
    head = f"**{_title(act, reader)}** · {_actor(act, reader)} · {reader.when(act.at_ms)}"
    return "\n".join([head, *_lines(logged, reader)])


def _title(act: StaffAct, reader: Reader) -> str:
    return reader._(KINDS[act.kind]) if act.kind in KINDS else f"`{act.kind}`"


def _actor(act: StaffAct, reader: Reader) -> str:
    return mentions.member(act.actor_id, reader)


def _lines(logged: LoggedAct, reader: Reader) -> list[str]:
    """Return what was done, and why."""
    act = logged.recorded.act
    lines = _SUMMARIES[act.kind](logged, reader) if act.kind in _SUMMARIES else [*_subject(act, reader)]
    if act.kind not in _SUMMARIES:
        lines += change_lines(act, reader)
    reason = act.reason or (logged.receipt.note if logged.receipt else "")
    return [*lines, mentions.quoted(reason)] if reason else lines


def _subject(act: StaffAct, reader: Reader) -> list[str]:
    """Return the member or the thing that an act is about."""
    if act.member_id:
        return [mentions.member(act.member_id, reader)]
    if act.kind is ActKind.PAYMENT_METHODS:
        return [reader._(METHODS[act.subject].name) if act.subject in METHODS else act.subject]
    if act.kind is ActKind.OFFER:
        return [f"`{act.subject}`"]
    names = {**act.before, **act.after}
    if act.kind in {ActKind.ITEM, ActKind.PERK}:
        mention = mentions.gift if act.kind is ActKind.ITEM else mentions.perk
        line = mention(str(names["name"]), str(names["emoji"]), reader)
    elif act.kind is ActKind.CHALLENGE:
        line = f"**{shown(str(names['name']))}**"
    elif act.kind is ActKind.PACKAGE:
        price = reader.money(int(names["price_minor"] or 0), str(names["currency"]))
        line = reader._("{coins} for {price}", coins=reader.coin(int(names["coins"] or 0)), price=price)
    else:
        return []
    return [line if act.before else f"{line} · {reader._(NEW)}"]


def _grant(logged: LoggedAct, reader: Reader) -> list[str]:
    if (receipt := logged.receipt) is None:
        return []
    member = mentions.member(receipt.other_id, reader)
    coins = f"**{reader.coins(grant_facts(receipt)['coins'])}**"
    number = reader._("Receipt #{number}", number=receipt.seq)
    return [reader._("{member} got {coins}.", member=member, coins=coins), f"-# {number}"]


def _reversal(logged: LoggedAct, reader: Reader) -> list[str]:
    receipt, original = logged.receipt, logged.original
    if receipt is not None and receipt.kind == ReturnPerk.kind:
        perk, member = mentions.perk_of(receipt, reader), mentions.member(receipt.other_id, reader)
        text = reader._("{member} has their coins back for {perk}.", member=member, perk=f"**{perk}**")
        return [text, f"-# {reader._('Receipt #{number}', number=receipt.seq)}"]
    if receipt is not None and receipt.kind == ReturnChest.kind:
        coins = f"**{reader.coins(return_of(receipt)['coins'])}**"
        sponsor = mentions.member(receipt.actor_id, reader)
        text = reader._(
            "The chest of {member} was closed. What was left went back: {coins}", member=sponsor, coins=coins
        )
        return [text, f"-# {reader._('Receipt #{number}', number=receipt.seq)}"]
    if receipt is None or original is None:
        return []
    facts = reversal_facts(receipt)
    coins = reader.coins(facts["coins"], is_test=receipt.is_test)
    # Who sent an anonymous gift is for those who look the receipt up.
    is_hidden = bool(original.facts.get("anonymous"))
    member = reader._("Someone") if is_hidden else mentions.member(receipt.other_id, reader)
    text = reader._(
        "Receipt #{number} of {member}: {coins} taken back",
        coins=f"**{coins}**",
        number=facts["of"],
        member=member,
    )
    return [text, f"-# {reader._('Receipt #{number}', number=receipt.seq)}"]


def _case(logged: LoggedAct, reader: Reader) -> list[str]:
    act = logged.recorded.act
    before, after = (reader._(OUTCOMES[Outcome(str(values.get("outcome", "")))]) for values in (act.before, act.after))
    return [reader._("Case #{number}: {before} → {after}", number=act.subject, before=before, after=f"**{after}**")]


def _flag(logged: LoggedAct, reader: Reader) -> list[str]:
    act = logged.recorded.act
    before, after = (
        reader._(_FLAG_OUTCOMES.get(str(values.get("outcome", "")), "")) for values in (act.before, act.after)
    )
    if not act.before:
        return [reader._("Flag #{number}: {after}", number=act.subject, after=f"**{after}**")]
    return [reader._("Flag #{number}: {before} → {after}", number=act.subject, before=before, after=f"**{after}**")]


def _freeze(logged: LoggedAct, reader: Reader) -> list[str]:
    act = logged.recorded.act
    case_type, _, number = act.subject.partition(" ")
    facts = {"member": mentions.member(act.member_id, reader), "case": case_name(case_type, int(number or 0), reader)}
    if act.after.get("frozen"):
        return [reader._("{member} is frozen because of {case}.", **facts)]
    return [reader._("{member} is no longer frozen because of {case}.", **facts)]


def _payout(logged: LoggedAct, reader: Reader) -> list[str]:
    act, receipt = logged.recorded.act, logged.receipt
    member = mentions.member(act.member_id, reader)
    if "transfer" in act.after:
        return [_transfer(act, member, reader)]
    if receipt is None:
        return [reader._("Payout #{number} of {member} approved", number=act.subject, member=member)]
    number, diamonds = receipt.facts["payout"], reader.diamonds(receipt.facts["coins"])
    facts = {"number": number, "member": member, "diamonds": f"**{diamonds}**"}
    if receipt.kind == RejectPayout.kind:
        return [reader._("Payout #{number} of {member} rejected: {diamonds}", **facts)]
    return [reader._("Payout #{number} of {member} paid: {diamonds}", **facts)]


def _transfer(act: StaffAct, member: str, reader: Reader) -> str:
    """Return what happened to the money of a payout at Stripe: it went back, or `<minor units> <currency>: <code>`."""
    sum_of, _, code = str(act.after["transfer"]).rpartition(": ")
    facts = {"number": act.subject, "member": member}
    if not sum_of:
        return reader._("Payout #{number} of {member}: the money went back at Stripe after it was recorded.", **facts)
    minor, _, currency = sum_of.partition(" ")
    money = reader.money(int(minor), currency)
    return reader._("Payout #{number} of {member}: Stripe didn't send {money}.", money=money, **facts) + (
        f" {refusal_at_stripe(code, reader)}"
    )


def _creator(logged: LoggedAct, reader: Reader) -> list[str]:
    act = logged.recorded.act
    member = mentions.member(act.member_id, reader)
    if act.after.get("approved"):
        return [reader._("{member} can receive gifts now.", member=member)]
    return [reader._("{member} can't receive gifts any more.", member=member)]


def _application(logged: LoggedAct, reader: Reader) -> list[str]:
    act = logged.recorded.act
    return [reader._("The application of {member} was turned down.", member=mentions.member(act.member_id, reader))]


def _payment(logged: LoggedAct, reader: Reader) -> list[str]:
    act = logged.recorded.act
    facts = {"order": act.subject, "member": mentions.member(act.member_id, reader)}
    if "confirmed" in act.after:
        reference = shown(str(act.after["confirmed"]))
        return [reader._("Order {order} of {member}: payment seen as {reference}", reference=reference, **facts)]
    if "denied" in act.after:
        return [reader._("Order {order} of {member}: no payment arrived", **facts)]
    back = int(act.after["refunded_minor"] or 0) - int(act.before["refunded_minor"] or 0)
    amount = reader.money(back, str(act.after["currency"]))
    return [reader._("Order {order} of {member}: {amount} sent back", amount=amount, **facts)]


_SUMMARIES = {
    ActKind.GRANT: _grant,
    ActKind.REVERSAL: _reversal,
    ActKind.CASE: _case,
    ActKind.FLAG: _flag,
    ActKind.FREEZE: _freeze,
    ActKind.PAYOUT: _payout,
    ActKind.CREATOR: _creator,
    ActKind.APPLICATION: _application,
    ActKind.PAYMENT: _payment,
}
"""Acts that a sentence says better than a list of what differs."""
