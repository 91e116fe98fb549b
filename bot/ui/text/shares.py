"""How shares are written: what creators earn, what is planned, and what has changed."""

from collections.abc import Sequence

from bot.domain.guilds import GuildRules
from bot.domain.shares import PlannedShare, ShareChange, ShareKind, planned
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def shares(rules: GuildRules, r: Reader) -> list[str]:
    """Return what creators earn now, and what is planned, a line each. The rules must be those of now."""
    paid, promo = r.percent(rules.share_percent), r.percent(rules.promo_share_percent)
    lines = [r._("{paid} of bought coins, {promo} of promo coins", paid=paid, promo=promo)]
    return [*lines, *(plan_line(plan, r) for plan in planned(rules))]


def plan_line(plan: PlannedShare, r: Reader) -> str:
    """Return what starts when."""
    facts = {"date": r.moment(plan.from_ms), "percent": r.percent(plan.percent)}
    if plan.kind is ShareKind.PROMO:
        return "⏳ " + r._("From {date} on: {percent} of promo coins", **facts)
    return "⏳ " + r._("From {date} on: {percent} of bought coins", **facts)


def promo_warning(rules: GuildRules, r: Reader) -> str:
    """Return what a share of promo coins does, "" if there is none, now or planned."""
    if not rules.promo_share_percent and not rules.next_promo_share_percent:
        return ""
    text = r._("Promo coins are free, but here they become earnings. Whoever gives them out decides what is paid out.")
    return f"⚠️ {text}"


def news(change: ShareChange, r: Reader) -> str:
    """Return what a change means for creators."""
    facts = {"to": f"**{r.percent(change.to_percent)}**", "before": r.percent(change.from_percent)}
    facts["date"] = r.moment(change.starts_ms)
    is_promo = change.kind is ShareKind.PROMO
    if change.starts_ms > change.changed_ms:
        if is_promo:
            return r._("From {date} on, creators earn {to} of promo coins. Until then it's {before}.", **facts)
        return r._("From {date} on, creators earn {to} of bought coins. Until then it's {before}.", **facts)
    if is_promo:
        return r._("Creators earn {to} of promo coins now. It was {before} before.", **facts)
    return r._("Creators earn {to} of bought coins now. It was {before} before.", **facts)


def history(changes: Sequence[ShareChange], r: Reader) -> str:
    """Return who has changed shares, from what to what, and from when on, a line each."""
    return "\n".join(_line(change, r) for change in changes)


def _line(change: ShareChange, r: Reader) -> str:
    facts = {
        "before": r.percent(change.from_percent),
        "to": r.percent(change.to_percent),
        "date": r.date(change.starts_ms),
        "member": mentions.member(change.changed_by, r),
    }
    if change.kind is ShareKind.PROMO:
        return "- " + r._("{before} → {to} of promo coins from {date} on, changed by {member}", **facts)
    return "- " + r._("{before} → {to} of bought coins from {date} on, changed by {member}", **facts)
