"""Announcements as messages: who sent what to whom, short enough for a phone, with totals that are exact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain.gift_totals import GiftLine, GiftTotals, Note
from bot.domain.posts import Post, PostForm
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.looks.people import creators_of, givers_of, name_of, shortlist
from bot.ui.looks.tiers import TIER_STYLES
from bot.ui.text.mentions import member
from bot.ui.text.reader import Reader

LINES = 5
"""The most items listed in a merged message; its totals include the rest."""

SENDERS = 2
"""The most members named for each item."""

ROUNDUP_LINES = 10
"""The most messages listed in a roundup; its totals include the rest."""

NOTE_CHARACTERS = 80
"""How much of a member's message is shown if there are several. The button leads to all of it."""

NAMED_ITEMS = 3
"""The most different items named below a message. If there are more, it shows only their emoji."""

ITEMS = 8
"""The most items shown below a message."""

NAMES = 3
"""The most members named below a message."""

LATE_MS = 60_000
"""A message counts as late if its first gift is older than this when it is posted."""


def card_of(post: Post, contents: GiftTotals, r: Reader, now_ms: int, pictures: tuple[Picture, ...] = ()) -> Card:
    """Return the card of a message that announces gifts. It says so if they had to wait long for the channel."""
    if not contents.pieces:
        return _emptied(r)
    card = grand_card(contents, r, pictures) if post.form is PostForm.GRAND else gifts_card(contents, r, pictures)
    if post.due_ms:
        return replace(card, title="🌙 " + r._("While you were away"))
    if (post.posted_ms or now_ms) - post.opened_ms >= LATE_MS:
        return replace(card, title="⏳ " + r._("While I couldn't post here"))
    return card


def gifts_card(contents: GiftTotals, r: Reader, pictures: tuple[Picture, ...] = ()) -> Card:
    """Return the card that announces gifts."""
    combos = contents.ranked
    parts = [_single(combos[0], contents, r)] if len(combos) == 1 else [_headline(contents, r), *_listed(contents, r)]
    return _card("\n".join(parts), contents, r, pictures)


def grand_card(contents: GiftTotals, r: Reader, pictures: tuple[Picture, ...] = ()) -> Card:
    """Return the card that names each of its gifts and senders, the dearest first."""
    text = "\n".join(_named(combos, contents, r) for combos in _by_item(dearest(contents)))
    return _card(text, contents, r, pictures)


def dearest(contents: GiftTotals) -> list[GiftLine]:
    """Return the lines of a message, those with the dearest items first."""
    return sorted(contents.lines.values(), key=lambda combo: -combo.coins // combo.quantity)


def _card(text: str, contents: GiftTotals, r: Reader, pictures: tuple[Picture, ...]) -> Card:
    parts = [text, "\n".join(_notes(contents, r))]
    return Card(
        TIER_STYLES[contents.tier].colour,
        tuple(Part(part) for part in parts if part),
        footer=_coins(contents.coins, contents.test_coins, r) if contents.shows_sums else "",
        pictures=pictures,
    )


def hides_notes(contents: GiftTotals) -> bool:
    """Whether a message that shows `contents` cuts some of what members have written."""
    several = contents.note_count > 1
    return contents.note_count > len(contents.notes) or (several and any(map(_is_long, contents.notes)))


def roundup_card(totals: Mapping[int, GiftTotals], place: str, r: Reader) -> Card:
    """Return the card that stands for the replies below many messages; `place` is the link to their channel."""
    totals = {message_id: contents for message_id, contents in totals.items() if contents.pieces}
    if not totals:
        return _emptied(r)
    ranked = sorted(totals.items(), key=lambda total: -total[1].coins)
    parts = [r.n_("🎁 **Gifts on {n} message**", "🎁 **Gifts on {n} messages**", len(totals))]
    for message_id, contents in ranked[:ROUNDUP_LINES]:
        line = r._(
            "{creator} · [message]({link}) · {items}",
            creator=member(contents.ranked[0].creator_id, r),
            link=f"{place}/{message_id}",
            items=_items(contents, r),
        )
        parts.append(line)
    if len(ranked) > ROUNDUP_LINES:
        more = len(ranked) - ROUNDUP_LINES
        parts.append(r.n_("… and {n} more message", "… and {n} more messages", more))
    best = max((contents for _, contents in ranked), key=lambda contents: contents.tier.from_price)
    coins = sum(contents.coins for contents in totals.values())
    test_coins = sum(contents.test_coins for contents in totals.values())
    gifters = set[int]().union(*(contents.gifters for contents in totals.values()))
    shown_coins = _coins(coins, test_coins, r) if all(contents.shows_sums for contents in totals.values()) else ""
    return Card(TIER_STYLES[best.tier].colour, (Part("\n".join(parts)),), footer=_sums(shown_coins, gifters, r))


def totals_card(contents: GiftTotals, r: Reader) -> Card:
    """Return the card below a message: all gifts on it and who sent them, and the newest messages of members."""
    if not contents.pieces:
        return _emptied(r)
    parts = [_named_items(contents, r) or _items(contents, r), *_senders(contents, r), *_notes(contents, r)]
    coins = _coins(contents.coins, contents.test_coins, r) if contents.shows_sums else ""
    footer = _sums(coins, contents.gifters, r)
    return Card(TIER_STYLES[contents.tier].colour, (Part("\n".join(parts)),), footer=footer)


def _senders(contents: GiftTotals, r: Reader) -> list[str]:
    """Return who sent the most, and how many others sent gifts under their name."""
    sender_ids = dict.fromkeys(combo.sender_id for combo in contents.ranked if combo.sender_id is not None)
    if not sender_ids:
        return []
    return [r._("From {people}", people=shortlist([name_of(sender_id, r) for sender_id in sender_ids], NAMES, r))]


def _emptied(r: Reader) -> Card:
    return Card(theme.GREY, (Part(r._("The gifts here were reversed.")),))


def _coins(coins: int, test_coins: int, r: Reader) -> str:
    """Return the sum of gifts. Test coins are not added to other coins."""
    test_part = r.coins(test_coins, is_test=True)
    if coins == test_coins:
        return test_part
    return f"{r.coins(coins - test_coins)} · {test_part}" if test_coins else r.coins(coins)


def _sums(coins: str, gifters: set[int], r: Reader) -> str:
    # If all gifts were anonymous, nobody is counted.
    people = r.n_("{n} gifter", "{n} gifters", len(gifters)) if gifters else ""
    return " · ".join(filter(None, (coins, people)))


def _named_items(contents: GiftTotals, r: Reader) -> str:
    """Return the gifts with their names, the one with the most coins first, or "" if they are too many."""
    groups: dict[tuple[str, str, bool], list[GiftLine]] = {}
    for combo in contents.ranked:
        groups.setdefault((combo.name, combo.emoji, combo.is_test), []).append(combo)
    if len(groups) > NAMED_ITEMS:
        return ""
    ranked = sorted(groups.values(), key=lambda group: -sum(combo.coins for combo in group))
    return " · ".join(f"{r.emoji(combos[0].emoji)} **{_gift(combos, contents, r)}**" for combos in ranked)


def _items(contents: GiftTotals, r: Reader) -> str:
    items: dict[str, list[GiftLine]] = {}
    for combo in contents.ranked:
        items.setdefault(r.emoji(combo.emoji), []).append(combo)
    parts = [
        r.amount(emoji, sum(combo.quantity for combo in combos)) if contents.shows_quantity(combos) else emoji
        for emoji, combos in list(items.items())[:ITEMS]
    ]
    return "  ".join([*parts, "…"] if len(items) > ITEMS else parts)


def _single(combo: GiftLine, contents: GiftTotals, r: Reader) -> str:
    return r._(
        "{emoji} **{sender}** sent **{gift}** to {creator}",
        emoji=r.emoji(combo.emoji),
        sender=givers_of(combo, r),
        gift=_gift([combo], contents, r),
        creator=creators_of(combo, r),
    )


def _headline(contents: GiftTotals, r: Reader) -> str:
    """Return who gave how much. Anonymous gifts have a sum of their own, without a number of people."""
    first_named = next((combo for combo in contents.ranked if combo.sender_id is not None), None)
    anonymous, creator = contents.anonymous_pieces, _only_creator(contents)
    to = member(creator, r) if creator is not None else ""
    if first_named is None:
        if to:
            return r.n_(
                "🎁 **{n} anonymous gift** for {creator}",
                "🎁 **{n} anonymous gifts** for {creator}",
                anonymous,
                creator=to,
            )
        return r.n_("🎁 **{n} anonymous gift**", "🎁 **{n} anonymous gifts**", anonymous)
    people = _people(name_of(first_named.sender_id, r), len(contents.gifters) - 1, r)
    is_countable = contents.shows_quantity(contents.lines.values())
    gifts = r.n_("{n} gift", "{n} gifts", contents.pieces - anonymous) if is_countable else r._("gifts")
    if to:
        headline = r._("🎁 {people} sent **{gifts}** to {creator}", people=people, gifts=gifts, creator=to)
    else:
        headline = r._("🎁 {people} sent **{gifts}**", people=people, gifts=gifts)
    if anonymous:
        headline += " · " + r.n_("plus **{n} anonymous gift**", "plus **{n} anonymous gifts**", anonymous)
    return headline


def _people(name: str, other_count: int, r: Reader) -> str:
    if other_count:
        return r.n_("**{name}** and {n} other", "**{name}** and {n} others", other_count, name=name)
    return f"**{name}**"


def _only_creator(contents: GiftTotals) -> int | None:
    """Return the creator of all gifts, None if there are several: then each line names its creator."""
    creators = {creator_id for combo in contents.lines.values() for creator_id in combo.creators}
    return creators.pop() if len(creators) == 1 else None


def _listed(contents: GiftTotals, r: Reader) -> list[str]:
    """Return a line for each item, the one with the most coins first."""
    groups = sorted(_by_item(contents.ranked), key=lambda group: -sum(combo.coins for combo in group))
    lines = [_line(group, contents, r) for group in groups[:LINES]]
    others = [combo for group in groups[LINES:] for combo in group]
    pieces = sum(combo.quantity for combo in others)
    if others and not contents.shows_quantity(others):
        lines.append(r._("… and more gifts"))
    elif pieces:
        lines.append(r.n_("… and {n} more gift", "… and {n} more gifts", pieces))
    return lines


def _by_item(combos: Sequence[GiftLine]) -> Iterable[list[GiftLine]]:
    """Return the gifts of each item to each creator."""
    groups: dict[tuple[int, str, str, bool, int], list[GiftLine]] = {}
    for combo in combos:
        groups.setdefault((combo.creator_id, combo.name, combo.emoji, combo.is_test, combo.joint), []).append(combo)
    return groups.values()


def _line(combos: Sequence[GiftLine], contents: GiftTotals, r: Reader) -> str:
    first, gift = combos[0], _gift(combos, contents, r)
    emoji = r.emoji(first.emoji)
    senders = shortlist([name_of(combo.sender_id, r) for combo in combos], SENDERS, r)
    if _only_creator(contents) is not None:
        return f"{emoji} {gift} · {senders}"
    creator = creators_of(first, r)
    return r._("{emoji} {gift} · {sender} → {creator}", emoji=emoji, gift=gift, sender=senders, creator=creator)


def _gift(combos: Sequence[GiftLine], contents: GiftTotals, r: Reader) -> str:
    """Return what the gifts of one item are called, and how many they are."""
    name, pieces = _item(combos[0]), sum(combo.quantity for combo in combos)
    if pieces == 1 or not contents.shows_quantity(combos):
        return name
    return r._("{gift} × {count}", gift=name, count=r.number(pieces))


def _item(combo: GiftLine) -> str:
    return f"{theme.TEST} {shown(combo.name)}" if combo.is_test else shown(combo.name)


def _named(combos: Sequence[GiftLine], contents: GiftTotals, r: Reader) -> str:
    """Return one sentence about gifts of one item to one creator."""
    if len(combos) == 1:
        return _single(combos[0], contents, r)
    senders = [givers_of(combo, r) + (_times(combo, r) if contents.shows_quantity([combo]) else "") for combo in combos]
    return r._(
        "{emoji} **{sender}** sent **{gift}** to {creator}",
        emoji=r.emoji(combos[0].emoji),
        sender=r.listed(senders),
        gift=_item(combos[0]),
        creator=member(combos[0].creator_id, r),
    )


def _times(combo: GiftLine, r: Reader) -> str:
    return f" × {r.number(combo.quantity)}" if combo.quantity > 1 else ""


def _notes(contents: GiftTotals, r: Reader) -> list[str]:
    notes = contents.notes
    if contents.note_count > 1:
        notes = [Note(note.sender_id, discord_limits.cut(note.text, NOTE_CHARACTERS)) for note in notes]
    # A member who sent everything is already named above.
    if len({combo.sender_id for combo in contents.lines.values()}) == 1:
        return [f"> {shown(note.text)}" for note in notes]
    return [quoted(note, r) for note in notes]


def _is_long(note: Note) -> bool:
    return discord_limits.cut(note.text, NOTE_CHARACTERS) != note.text


def quoted(note: Note, r: Reader) -> str:
    """Return a member's message, signed with a name."""
    return r._("> {text} — {sender}", text=shown(note.text), sender=name_of(note.sender_id, r))
