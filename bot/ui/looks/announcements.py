"""Announcements as messages: who sent what to whom, short enough for a phone, with totals that are exact."""

from collections.abc import Mapping, Sequence

import discord

from bot.domain.gift_totals import GiftLine, GiftTotals, Note
from bot.domain.posts import Post, PostForm
from bot.domain.text import shown
from bot.ui.kit import discord_limits
from bot.ui.looks.tiers import TIER_STYLES
from bot.ui.text.mentions import member
from bot.ui.text.reader import Reader

LINES = 5
"""Combos listed in a merged message; the rest is in its totals."""

ROUNDUP_LINES = 10
"""Messages listed in a roundup; the rest is in its totals."""

NOTE_CHARACTERS = 80
"""What is shown of a member's message where there are several; all of it is behind the button."""

ITEMS = 8
"""Different items named below a message."""

LATE_MS = 60_000
"""A message is late if its first gift is older than this when it is posted."""


def embed_of(post: Post, contents: GiftTotals, r: Reader, now_ms: int) -> discord.Embed:
    """Return the embed of a message that tells of gifts. It says so if they waited long for the channel to take it."""
    embed = grand_embed(contents, r) if post.form is PostForm.GRAND else announcement_embed(contents, r)
    if post.due_ms:
        embed.title = "🌙 " + r._("While you were away")
    elif (post.posted_ms or now_ms) - post.opened_ms >= LATE_MS:
        embed.title = "⏳ " + r._("While I couldn't post here")
    return embed


def announcement_embed(contents: GiftTotals, r: Reader) -> discord.Embed:
    """Return the embed that tells of gifts."""
    combos = contents.ranked
    parts = [_single(combos[0], r)] if len(combos) == 1 else [_headline(contents, r), "", *_listed(combos, r)]
    return _embed(parts, contents, r)


def grand_embed(contents: GiftTotals, r: Reader) -> discord.Embed:
    """Return the embed that names each of its gifts and senders, the dearest first."""
    groups: dict[tuple[int, str, str], list[GiftLine]] = {}
    for combo in sorted(contents.lines.values(), key=lambda combo: -combo.coins // combo.quantity):
        groups.setdefault((combo.creator_id, combo.name, combo.emoji), []).append(combo)
    return _embed([_named(combos, r) for combos in groups.values()], contents, r)


def _embed(parts: Sequence[str], contents: GiftTotals, r: Reader) -> discord.Embed:
    notes = _notes(contents, r)
    description = "\n".join([*parts, "", *notes] if notes else parts)
    embed = discord.Embed(description=description, colour=TIER_STYLES[contents.tier].colour)
    return embed.set_footer(text=f"{TIER_STYLES[contents.tier].emoji} {r.coins(contents.coins)}")


def hides_notes(contents: GiftTotals) -> bool:
    """Whether a message that shows `contents` leaves out a part of what members have written."""
    several = contents.note_count > 1
    return contents.note_count > len(contents.notes) or (several and any(map(_is_long, contents.notes)))


def roundup_embed(totals: Mapping[int, GiftTotals], place: str, r: Reader) -> discord.Embed:
    """Return the embed that stands for the replies below many messages; `place` is the link to their channel."""
    ranked = sorted(totals.items(), key=lambda total: -total[1].coins)
    parts = [r.n_("🎁 **Gifts on {n} message**", "🎁 **Gifts on {n} messages**", len(totals)), ""]
    for message_id, contents in ranked[:ROUNDUP_LINES]:
        line = r._(
            "{creator} · [message]({link}) · {items}",
            creator=f"<@{contents.ranked[0].creator_id}>",
            link=f"{place}/{message_id}",
            items=_items(contents, r),
        )
        parts.append(line)
    if len(ranked) > ROUNDUP_LINES:
        more = len(ranked) - ROUNDUP_LINES
        parts.append(r.n_("… and {n} more message", "… and {n} more messages", more))
    best = max((contents for _, contents in ranked), key=lambda contents: contents.highest_price)
    embed = discord.Embed(description="\n".join(parts), colour=TIER_STYLES[best.tier].colour)
    coins = sum(contents.coins for contents in totals.values())
    gifters = set[int]().union(*(contents.gifters for contents in totals.values()))
    return embed.set_footer(text=_sums(coins, gifters, r))


def totals_embed(contents: GiftTotals, r: Reader) -> discord.Embed:
    """Return the embed below a message: all gifts on it, one line, and the newest messages of members."""
    parts = [_items(contents, r), *_notes(contents, r)]
    embed = discord.Embed(description="\n".join(parts), colour=TIER_STYLES[contents.tier].colour)
    return embed.set_footer(text=_sums(contents.coins, contents.gifters, r))


def _sums(coins: int, gifters: set[int], r: Reader) -> str:
    # Where all gifts were anonymous, nobody is counted.
    return r.coins(coins) + (" · " + r.n_("{n} gifter", "{n} gifters", len(gifters)) if gifters else "")


def _items(contents: GiftTotals, r: Reader) -> str:
    items: dict[str, int] = {}
    for combo in contents.ranked:
        items[combo.emoji] = items.get(combo.emoji, 0) + combo.quantity
    parts = [f"{emoji} {r.number(pieces)}" for emoji, pieces in list(items.items())[:ITEMS]]
    return "  ".join([*parts, "…"] if len(items) > ITEMS else parts)


def _single(combo: GiftLine, r: Reader) -> str:
    return r._(
        "{emoji} **{sender}** sent **{gift}** to {creator}",
        emoji=combo.emoji,
        sender=_name(combo.sender_id, r),
        gift=_gift(combo, r),
        creator=f"<@{combo.creator_id}>",
    )


def _headline(contents: GiftTotals, r: Reader) -> str:
    """Return who gave how much, with anonymous gifts added up apart: nobody is counted for them."""
    first_named = next((combo for combo in contents.ranked if combo.sender_id is not None), None)
    anonymous = contents.anonymous_pieces
    if first_named is None:
        return r.n_("🎁 **{n} anonymous gift**", "🎁 **{n} anonymous gifts**", anonymous)
    sender, other_count = _name(first_named.sender_id, r), len(contents.gifters) - 1
    gifts = r.n_("{n} gift", "{n} gifts", contents.pieces - anonymous)
    headline = r._("🎁 **{sender}** sent **{gifts}**", sender=sender, gifts=gifts)
    if other_count:
        headline = r.n_(
            "🎁 **{sender}** and {n} other sent **{gifts}**",
            "🎁 **{sender}** and {n} others sent **{gifts}**",
            other_count,
            sender=sender,
            gifts=gifts,
        )
    if anonymous:
        headline += " · " + r.n_("plus **{n} anonymous gift**", "plus **{n} anonymous gifts**", anonymous)
    return headline


def _listed(combos: list[GiftLine], r: Reader) -> list[str]:
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
    more = combos[LINES:]
    if more:
        pieces = sum(combo.quantity for combo in more)
        lines.append(r.n_("… and {n} more gift", "… and {n} more gifts", pieces))
    return lines


def _gift(combo: GiftLine, r: Reader) -> str:
    name = shown(combo.name)
    return name if combo.quantity == 1 else r._("{gift} ×{count}", gift=name, count=r.number(combo.quantity))


def _name(member_id: int | None, r: Reader) -> str:
    # A mention in an embed shows the member's name of today, and never pings.
    return r._("Someone") if member_id is None else member(member_id, r)


def _named(combos: Sequence[GiftLine], r: Reader) -> str:
    """Return one sentence about gifts of one item to one creator."""
    if len(combos) == 1:
        return _single(combos[0], r)
    senders = [_name(combo.sender_id, r) + _times(combo, r) for combo in combos]
    return r._(
        "{emoji} **{sender}** sent **{gift}** to {creator}",
        emoji=combos[0].emoji,
        sender=r.listed(senders),
        gift=shown(combos[0].name),
        creator=f"<@{combos[0].creator_id}>",
    )


def _times(combo: GiftLine, r: Reader) -> str:
    return f" ×{r.number(combo.quantity)}" if combo.quantity > 1 else ""


def _notes(contents: GiftTotals, r: Reader) -> list[str]:
    if contents.note_count == 1:
        return [quoted(note, r) for note in contents.notes]
    return [quoted(Note(note.sender_id, discord_limits.cut(note.text, NOTE_CHARACTERS)), r) for note in contents.notes]


def _is_long(note: Note) -> bool:
    return discord_limits.cut(note.text, NOTE_CHARACTERS) != note.text


def quoted(note: Note, r: Reader) -> str:
    """Return a member's message with the name that it is signed with."""
    return r._("> {text} — {sender}", text=shown(note.text), sender=_name(note.sender_id, r))
