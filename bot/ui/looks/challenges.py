"""What a challenge looks like: how to get points, what the prizes are, and who got them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from bot.domain.challenges import Challenge, Prize, Source, SourceRule
from bot.domain.text import shown
from bot.services.challenge_places import League, Place, Winner
from bot.services.member_choices import OwnChoices, ShownMembers
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card, Part
from bot.ui.looks.leaderboards import place_mark
from bot.ui.text import mentions
from bot.ui.text.reader import Reader, joined

CHALLENGE: Final = "🎖️"
FIRST_PLACES: Final = 3
"""Places that the results of each league name."""
MOST_LEAGUES: Final = 5
MOST_NAMED: Final = 10
"""Winners of one prize who are named."""

SOURCE_EMOJI: Final[Mapping[Source, str]] = {
    Source.COINS: theme.COIN,
    Source.DAY: "📅",
    Source.CREATOR: "✨",
    Source.ATTENDANCE: theme.LIVE,
}


class Seen(NamedTuple):
    """Who is named to others. Of the `discreet` ones, nobody reads the points."""

    named: Collection[int]
    discreet: Collection[int] = ()


async def seen_among(
    members: ShownMembers, choices: OwnChoices, guild_id: int, member_ids: Iterable[int], viewer_id: int = 0
) -> Seen:
    """Return who of `member_ids` is named, and what is read of them. Members see all of themselves."""
    ids = {member_id for member_id in member_ids if member_id}
    named = await members.members_among(guild_id, ids)
    return Seen({*named, viewer_id}, await choices.discreet_among(guild_id, ids) - {viewer_id})


def posted_card(challenge: Challenge, r: Reader, leagues: Sequence[League] = (), seen: Seen | None = None) -> Card:
    """Return a challenge as it is posted, and as its preview shows it. A draft may begin when it is posted.

    `leagues` are those of its first places, without members who left.
    """
    opening = [*([shown(challenge.about)] if challenge.about else []), *times(challenge, r)]
    parts = [
        Part("\n".join(opening)),
        *(first_places(league, seen or Seen(()), r) for league in leagues if league.places),
        Part("\n".join(points_lines(challenge, r)), r._("How to get points")),
        Part("\n".join(prize_lines(challenge, r)), r._("Prizes")),
    ]
    footer = r._("Anonymous gifts bring no points. If a gift is taken back, its points go too.")
    return Card(theme.GOLD, tuple(parts), title=title(challenge), footer=footer)


def title(challenge: Challenge) -> str:
    """Return the title of everything about a challenge."""
    return f"{CHALLENGE} {shown(challenge.name)}"


def times(challenge: Challenge, r: Reader) -> list[str]:
    """Return when a challenge begins and ends, in the reader's own time."""
    if challenge.posted_ms is None or challenge.starts_ms is None or challenge.ends_ms is None:
        length = r.n_("It lasts {n} day.", "It lasts {n} days.", challenge.days)
        if challenge.starts_ms is None:
            return ["🗓️ " + r._("It begins as soon as it's posted.") + " " + length]
        return ["🗓️ " + r._("It begins on {moment}.", moment=r.moment(challenge.starts_ms)) + " " + length]
    spans = {"start": r.moment(challenge.starts_ms), "end": r.moment(challenge.ends_ms)}
    return ["🗓️ " + r._("{start} to {end}", **spans), "🏁 " + r._("It ends {when}.", when=r.when(challenge.ends_ms))]


def points_lines(challenge: Challenge, r: Reader) -> list[str]:
    """Return what brings points, and how many."""
    lines = [
        joined(SOURCE_EMOJI[source], _SOURCES[source](challenge.sources[source], r))
        for source in Source
        if source in challenge.sources and challenge.sources[source].points
    ]
    if challenge.double_from_ms is not None and challenge.double_hours:
        hours = r.n_("{n} hour of double points", "{n} hours of double points", challenge.double_hours)
        lines.append(f"⚡ **{hours}**: " + r._("from {moment}", moment=r.moment(challenge.double_from_ms)))
    if challenge.is_by_creator:
        lines.append(
            "👥 "
            + r._(
                "Each creator's fans are a league with its own prizes. "
                "What you do for a creator counts in their league."
            )
        )
    if lines and challenge.posted_ms is not None:
        lines.append("-# " + r._("A day runs from midnight to midnight in {zone}.", zone=challenge.zone))
    return lines or [r._("Nothing yet")]


def _times_and_limit(text: str, rule: SourceRule, r: Reader) -> str:
    if not rule.most_a_day or rule.most_a_day == rule.points:
        return text
    return f"{text} · " + r._("up to {number} a day", number=r.number(rule.most_a_day))


def _coins(rule: SourceRule, r: Reader) -> str:
    text = r.n_("**{n} point** for each coin you gift", "**{n} points** for each coin you gift", rule.points)
    return _times_and_limit(text, rule, r)


def _day(rule: SourceRule, r: Reader) -> str:
    return r.n_("**{n} point** for each day with a gift", "**{n} points** for each day with a gift", rule.points)


def _creator(rule: SourceRule, r: Reader) -> str:
    text = r.n_(
        "**{n} point** for your first gift to each creator",
        "**{n} points** for your first gift to each creator",
        rule.points,
    )
    return _times_and_limit(text, rule, r)


def _attendance(rule: SourceRule, r: Reader) -> str:
    text = r.n_(
        "**{n} point** for every half hour at live events",
        "**{n} points** for every half hour at live events",
        rule.points,
    )
    return _times_and_limit(text, rule, r)


_SOURCES: Final[Mapping[Source, Callable[[SourceRule, Reader], str]]] = {
    Source.COINS: _coins,
    Source.DAY: _day,
    Source.CREATOR: _creator,
    Source.ATTENDANCE: _attendance,
}


def prize_lines(challenge: Challenge, r: Reader) -> list[str]:
    """Return a line for each prize: who gets it, and what it is."""
    if not challenge.prizes:
        return [r._("No prizes. It's all about the fun.")]
    lines = [f"{prize_emoji(prize)} **{who_gets(prize, r)}**: {content(prize, r)}" for prize in challenge.prizes]
    if len(challenge.prizes) > 1:
        lines.append("-# " + r._("Prizes add up: you get every prize you qualify for."))
    return lines


def prize_emoji(prize: Prize) -> str:
    """Return the emoji in front of a prize."""
    return theme.MEDALS[prize.places - 1] if 1 <= prize.places <= len(theme.MEDALS) else "🎁"


def who_gets(prize: Prize, r: Reader) -> str:
    """Return who gets a prize."""
    places = ""
    if prize.places == 1:
        places = r._("First place")
    elif prize.places:
        places = r._("The first {number} places", number=r.number(prize.places))
    points = r.n_("with {n} point or more", "with {n} points or more", prize.points) if prize.points else ""
    if places:
        return " ".join(filter(None, (places, points)))
    return r.n_("Everyone with {n} point or more", "Everyone with {n} points or more", prize.points)


def content(prize: Prize, r: Reader, *, plain: bool = False) -> str:
    """Return what a prize is; `plain` for where mentions and emoji of a server's own cannot stand."""
    role = r._("a role") if plain else f"<@&{prize.role_id}>"
    badge, words = (prize.badge, prize.words) if plain else (shown(prize.badge), shown(prize.words))
    parts = [
        r.coins(prize.coins, plain=plain) if prize.coins else "",
        role if prize.role_id else "",
        r._("badge {badge}", badge=badge) if badge else "",
        words,
    ]
    return " · ".join(filter(None, parts)) or r._("nothing yet")


def results_card(
    challenge: Challenge, leagues: Sequence[League], winners: Sequence[Winner], seen: Seen, r: Reader
) -> Card:
    """Return the results. `leagues` are without those who left."""
    with_places = [league for league in leagues if league.places]
    if not with_places:
        text = r._("It's over, and nobody collected points this time.")
        return Card(theme.GREY, (Part("🏁 " + text),), title=title(challenge))
    parts = [Part("🏁 " + r._("It's over. Thank you all for taking part!"))]
    parts += [first_places(league, seen, r) for league in with_places[:MOST_LEAGUES]]
    if won := _won_lines(challenge, winners, seen, r):
        parts.append(Part(discord_limits.lines(won, discord_limits.CARD_TEXT // 2), r._("Prizes")))
    return Card(theme.GOLD, tuple(parts), title=title(challenge))


def first_places(league: League, seen: Seen, r: Reader) -> Part:
    """Return the first places of a league."""
    lines = [place_line(place, each, seen, r) for place, each in enumerate(league.places[:FIRST_PLACES], start=1)]
    return Part("\n".join(lines), league_name(league.creator_id, r))


def league_name(creator_id: int, r: Reader) -> str:
    """Return what a league is called, the leaderboard where there is only one."""
    if not creator_id:
        return "🏆 " + r._("Places")
    return f"{theme.FANS} " + r._("Fans of {creator}", creator=mentions.member(creator_id, r))


def place_line(number: int, place: Place, seen: Seen, r: Reader) -> str:
    """Return a line of a challenge's places."""
    mark = place_mark(number, r)
    points = r.n_("{n} point", "{n} points", place.points)
    if place.member_id not in seen.named:
        return f"{mark} {r._('Someone')} · {points}"
    member = mentions.member(place.member_id, r)
    return f"{mark} {member}" if place.member_id in seen.discreet else f"{mark} {member} · {points}"


def _won_lines(challenge: Challenge, winners: Sequence[Winner], seen: Seen, r: Reader) -> list[str]:
    """Return a line for each prize that anybody got."""
    lines: list[str] = []
    for number, prize in enumerate(challenge.prizes):
        ids = list(dict.fromkeys(winner.member_id for winner in winners if number in winner.prizes))
        if not ids:
            continue
        names = [mentions.member(member_id, r) for member_id in ids if member_id in seen.named][:MOST_NAMED]
        rest = len(ids) - len(names)
        if rest:
            names.append(r.n_("{n} more", "{n} more", rest))
        lines.append(f"{prize_emoji(prize)} {content(prize, r)}: {r.listed(names)}")
    return lines
