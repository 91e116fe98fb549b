"""Announcements as messages: who sent what to whom, short enough for a phone, with totals that are exact."""

import discord

from bot.domain.announcements import Announcement, Combo, Note
from bot.domain.text import shown
from bot.ui import outbound
from bot.ui.texts import Reader
from bot.ui.theme import TIER_COLOURS, TIER_EMOJI

LINES = 6
"""Combos listed in a merged message; the rest is in its totals."""


def announcement_embed(message: Announcement, r: Reader) -> discord.Embed:
    """Return the embed that tells of `message`, within Discord's limits."""
    combos = message.combos
    parts = [_single(combos[0], r)] if len(combos) == 1 else [_headline(message, r), "", *_listed(combos, r)]
    notes = [_quoted(note, r) for note in message.notes]
    if notes:
        parts += ["", *notes]
    embed = discord.Embed(description="\n".join(parts), colour=TIER_COLOURS[message.tier])
    embed.set_footer(text=f"{TIER_EMOJI[message.tier]} {r.coins(message.coins)}")
    return outbound.fit([embed])[0]


def _single(combo: Combo, r: Reader) -> str:
    return r._(
        "{emoji} **{sender}** sent **{gift}** to {creator}",
        emoji=combo.emoji,
        sender=_name(combo.sender_id, r),
        gift=_gift(combo, r),
        creator=f"<@{combo.creator_id}>",
    )


def _headline(message: Announcement, r: Reader) -> str:
    first = message.combos[0].sender_id
    others = len(message.gifters) - 1
    gifts = r.n_("{n} gift", "{n} gifts", message.pieces)
    if others < 1:
        return r._("🎁 **{sender}** sent **{gifts}**", sender=_name(first, r), gifts=gifts)
    return r.n_(
        "🎁 **{sender}** and {n} other sent **{gifts}**",
        "🎁 **{sender}** and {n} others sent **{gifts}**",
        others,
        sender=_name(first, r),
        gifts=gifts,
    )


def _listed(combos: list[Combo], r: Reader) -> list[str]:
    lines = [
        r._(
            "{emoji} {gift} · {sender} → {creator}",
            emoji=combo.emoji,
            gift=_gift(combo, r),
            sender=_name(combo.sender_id, r),
            creator=f"<@{combo.creator_id}>",
        )
        for combo in combos[:LINES]
    ]
    rest = combos[LINES:]
    if rest:
        pieces = sum(combo.pieces for combo in rest)
        lines.append(r.n_("… and {n} more gift", "… and {n} more gifts", pieces))
    return lines


def _gift(combo: Combo, r: Reader) -> str:
    name = shown(combo.name)
    return name if combo.pieces == 1 else r._("{gift} ×{count}", gift=name, count=r.number(combo.pieces))


def _name(member_id: int | None, r: Reader) -> str:
    # A mention in an embed shows the member's name of today, and never pings.
    return f"<@{member_id}>" if member_id else r._("Someone")


def _quoted(note: Note, r: Reader) -> str:
    return r._("> {text} — {sender}", text=shown(note.text), sender=_name(note.sender_id, r))
