"""Announcements as messages: who sent what to whom, short enough for a phone, with totals that are exact."""

import discord

from bot.domain.announcements import Form, Post
from bot.domain.contents import Combo, Contents, Note
from bot.domain.text import shown
from bot.ui.nouns import member
from bot.ui.texts import Reader
from bot.ui.theme import TIER_COLOURS, TIER_EMOJI

LINES = 6
"""Combos listed in a merged message; the rest is in its totals."""

ITEMS = 8
"""Different items named below a message."""

LATE_MS = 60_000
"""A message is late if its first gift is older than this when it is posted."""

NEWEST_NOTES = 10
"""Messages of members below a message; older ones have been there before."""


def embed_of(post: Post, contents: Contents, r: Reader, now_ms: int) -> discord.Embed:
    """Return the embed of a message about gifts. It says so if they waited long for the channel to take it."""
    if post.form is Form.TOTALS:
        return totals_embed(contents, r)
    embed = announcement_embed(contents, r)
    if post.form is Form.HELD:
        embed.title = "🌙 " + r._("While it was quiet")
    elif (post.posted_ms or now_ms) - post.opened_ms >= LATE_MS:
        embed.title = "⏳ " + r._("While I couldn't post here")
    return embed


def announcement_embed(contents: Contents, r: Reader) -> discord.Embed:
    """Return the embed that tells of gifts."""
    combos = contents.ranked
    parts = [_single(combos[0], r)] if len(combos) == 1 else [_headline(contents, r), "", *_listed(combos, r)]
    notes = [_quoted(note, r) for note in contents.notes]
    if notes:
        parts += ["", *notes]
    embed = discord.Embed(description="\n".join(parts), colour=TIER_COLOURS[contents.tier])
    return embed.set_footer(text=f"{TIER_EMOJI[contents.tier]} {r.coins(contents.coins)}")


def totals_embed(contents: Contents, r: Reader) -> discord.Embed:
    """Return the embed below a message: all gifts on it, one line, and the newest message of a member."""
    items: dict[str, int] = {}
    for combo in contents.ranked:
        items[combo.emoji] = items.get(combo.emoji, 0) + combo.pieces
    shown_items = [f"{emoji} {r.number(pieces)}" for emoji, pieces in list(items.items())[:ITEMS]]
    if len(items) > ITEMS:
        shown_items.append("…")
    parts = ["  ".join(shown_items)]
    parts += [_quoted(note, r) for note in contents.notes[-NEWEST_NOTES:]]
    embed = discord.Embed(description="\n".join(parts), colour=TIER_COLOURS[contents.tier])
    sums = [r.coins(contents.coins)]
    # Where all gifts were anonymous, nobody is counted.
    if contents.gifters:
        sums.append(r.n_("{n} gifter", "{n} gifters", len(contents.gifters)))
    return embed.set_footer(text=" · ".join(sums))


def _single(combo: Combo, r: Reader) -> str:
    return r._(
        "{emoji} **{sender}** sent **{gift}** to {creator}",
        emoji=combo.emoji,
        sender=_name(combo.sender_id, r),
        gift=_gift(combo, r),
        creator=f"<@{combo.creator_id}>",
    )


def _headline(contents: Contents, r: Reader) -> str:
    """Return who gave how much, with anonymous gifts added up apart: nobody is counted for them."""
    named = next((combo for combo in contents.ranked if combo.sender_id is not None), None)
    anonymous = contents.anonymous_pieces
    if named is None:
        return r.n_("🎁 **{n} anonymous gift**", "🎁 **{n} anonymous gifts**", anonymous)
    sender, others = _name(named.sender_id, r), len(contents.gifters) - 1
    gifts = r.n_("{n} gift", "{n} gifts", contents.pieces - anonymous)
    headline = r._("🎁 **{sender}** sent **{gifts}**", sender=sender, gifts=gifts)
    if others:
        headline = r.n_(
            "🎁 **{sender}** and {n} other sent **{gifts}**",
            "🎁 **{sender}** and {n} others sent **{gifts}**",
            others,
            sender=sender,
            gifts=gifts,
        )
    if anonymous:
        headline += " · " + r.n_("plus **{n} anonymous gift**", "plus **{n} anonymous gifts**", anonymous)
    return headline


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
    return r._("Someone") if member_id is None else member(member_id, r)


def _quoted(note: Note, r: Reader) -> str:
    return r._("> {text} — {sender}", text=shown(note.text), sender=_name(note.sender_id, r))
