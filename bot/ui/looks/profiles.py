"""What a profile looks like: as a picture, in words for those who do not see it, and in a message without pictures."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from babel.numbers import format_compact_decimal

from bot.domain.levels import BADGES, TOP_LEVEL, LevelProgress
from bot.domain.profiles import ClubPlace, MemberProfile
from bot.domain.text import clean, shown
from bot.imaging.values import Badge, Fact, Named, Person, ProfileCard
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.looks.portraits import NAME
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from bot.ui.text.shares import history, shares

LEVEL, STREAK = "🏅", "🔥"

MOST_CLUBS: Final = 10
"""The most fan clubs in a profile."""

BADGE_EMOJI: Final[Mapping[int, str]] = dict(
    zip(BADGES, ["🌱", "🌿", "🌷", "🌻", "🌹", "🦋", "🦚", "👑", "🌟", "🌌"], strict=True)
)
"""What each badge shows: a garden that grows."""


def favouring(profile: MemberProfile, present: Collection[int], most: int) -> MemberProfile:
    """Return a profile with its top favourites and clubs, only of creators who are `present` in the guild."""
    here = [favourite for favourite in profile.favourites if favourite.creator_id in present]
    clubs = [club for club in profile.clubs if club.creator_id in present]
    return replace(profile, favourites=here[:most], clubs=clubs)


def level_line(progress: LevelProgress, r: Reader) -> str:
    """Return a line with a member's level and the way to the next."""
    level = r._("Level {level}", level=f"**{r.number(progress.level)}**")
    way = way_to_next(progress, r)
    return f"{level} · {way}" if progress.level else way


def way_to_next(progress: LevelProgress, r: Reader, *, plain: bool = False) -> str:
    """Return how far it is to the next level."""
    if progress.level == TOP_LEVEL:
        return r._("That's the highest level.")
    coins, level = r.coin(progress.missing, plain=plain), r.number(progress.level + 1)
    return r._("{coins} to level {level}", coins=coins, level=level)


def badge_caption(coins: int, r: Reader) -> str:
    """Return the coins that a badge stands for, in the shortest form of the reader's language."""
    return format_compact_decimal(coins, locale=r.locale)


def drawing(profile: MemberProfile, people: Mapping[int, Person], guild_name: str, r: Reader) -> ProfileCard:
    """Return what the picture shows. `people` are the member and the favourites."""
    progress = profile.progress
    guild = clean(guild_name, NAME)
    return ProfileCard(
        member=people[profile.member_id],
        subtitle=" · ".join(filter(None, [r._("Creator") if profile.creator else "", guild])),
        level=r.number(progress.level),
        level_label=r._("Level"),
        progress=_share(profile),
        progress_text=_amounts_hidden(r) if profile.hides_amounts else way_to_next(progress, r, plain=True),
        facts=_facts(profile, r),
        badges_title=r._("Badges"),
        badges=()
        if profile.hides_amounts
        else tuple(Badge(BADGE_EMOJI[coins], badge_caption(coins, r), coins in profile.badges) for coins in BADGES),
        favourites_title=r._("Favourite creators"),
        favourites=tuple(
            Named(people[favourite.creator_id], "" if profile.hides_amounts else r.coin(favourite.coins, plain=True))
            for favourite in profile.favourites
        ),
    )


def _share(profile: MemberProfile) -> float:
    """Return the progress towards the next level, from 0 to 1."""
    if profile.hides_amounts:
        return 0.0
    return profile.progress.part / profile.progress.span if profile.progress.span else 1.0


def _amounts_hidden(r: Reader) -> str:
    return r._("Amounts are hidden")


def _facts(profile: MemberProfile, r: Reader) -> tuple[Fact, ...]:
    weeks, longest = profile.streak.weeks, profile.streak.longest
    gifted = Fact(r.coin(profile.progress.coins, plain=True), r._("Gifted"))
    facts = [
        *([] if profile.hides_amounts else [gifted]),
        Fact(f"{STREAK} {r.number(weeks)}", r.n_("Week in a row", "Weeks in a row", weeks)),
    ]
    if profile.creator is not None:
        fans = profile.creator.fans
        facts.append(Fact(f"{theme.FANS} {r.number(fans)}", r.n_("Gifter", "Gifters", fans)))
    elif longest > weeks:
        facts.append(Fact(r.number(longest), r._("Longest streak")))
    return tuple(facts)


def alt_text(values: ProfileCard, r: Reader) -> str:
    """Return what the picture says."""
    badges = ", ".join(f"{badge.emoji} {badge.caption}" for badge in values.badges if badge.held)
    favourites = ", ".join(f"{favourite.who.name} {favourite.amount}" for favourite in values.favourites)
    parts = [
        f"{values.level_label} {values.level}",
        values.progress_text,
        *(f"{fact.value} {fact.label}" for fact in values.facts),
        f"{values.badges_title}: {badges}" if badges else "",
        f"{values.favourites_title}: {favourites}" if favourites else "",
    ]
    text = " · ".join(part for part in parts if part)
    return r._("Profile of {member}: {text}", member=values.member.name, text=text)


def profile_card(profile: MemberProfile, r: Reader, picture: Picture | None = None) -> Card:
    """Return a profile. A `picture` takes the place of what it shows."""
    parts = [Part(mentions.member(profile.member_id, r))]
    if picture is None:
        parts.append(Part("\n".join(_lines(profile, r))))
    notes = _streak_notes(profile, r)
    if notes:
        parts.append(Part("\n".join(notes)))
    if profile.clubs:
        shows_points = not profile.hides_amounts
        lines = [_club_line(club, r, shows_points=shows_points) for club in profile.clubs[:MOST_CLUBS]]
        parts.append(Part("\n".join(lines), f"{theme.FANS} " + r._("Fan clubs")))
    if profile.train_badges:
        parts.append(Part(_train_badges(profile, r), "🚂 " + r._("Gift trains")))
    if profile.won_badges:
        lines = [f"{shown(each.badge)} · {shown(each.challenge)}" for each in profile.won_badges]
        parts.append(Part("\n".join(lines), "🎖️ " + r._("Won in challenges")))
    if profile.creator is not None:
        parts.append(_creator_part(profile, r))
    return Card(
        theme.GOLD,
        tuple(parts),
        title="" if picture is not None else f"{LEVEL} " + r._("Profile"),
        footer=r._("Anonymous gifts don't count here, so nobody can guess who sent them."),
        pictures=(picture,) if picture is not None else (),
    )


def _lines(profile: MemberProfile, r: Reader) -> list[str]:
    badges = " ".join(BADGE_EMOJI[coins] for coins in profile.badges)
    weeks = profile.streak.weeks
    level = r._("Level {level}", level=f"**{r.number(profile.progress.level)}**")
    gifted = r._("Gifted: {coins}", coins=f"**{r.coin(profile.progress.coins)}**")
    lines = [
        f"{LEVEL} {level if profile.hides_amounts else level_line(profile.progress, r)}",
        _amounts_hidden(r) if profile.hides_amounts else gifted,
        f"{STREAK} " + r.n_("{n} week in a row", "{n} weeks in a row", weeks),
    ]
    if profile.creator is not None:
        lines.append(f"{theme.FANS} " + r.n_("{n} gifter", "{n} gifters", profile.creator.fans))
    if badges:
        lines.append(f"{r._('Badges')}: {badges}")
    if profile.favourites:
        amounts = ["" if profile.hides_amounts else f" {r.coin(each.coins)}" for each in profile.favourites]
        members = [mentions.member(each.creator_id, r) for each in profile.favourites]
        names = [member + amount for member, amount in zip(members, amounts, strict=True)]
        lines.append(f"{r._('Favourite creators')}: {' · '.join(names)}")
    return lines


def _streak_notes(profile: MemberProfile, r: Reader) -> list[str]:
    streak = profile.streak
    if not streak.weeks:
        return []
    notes: list[str] = []
    if not streak.has_this_week:
        notes.append(f"{STREAK} " + r._("This week doesn't count yet. One gift or live event keeps the streak."))
    if streak.is_grace_used:
        notes.append("-# " + r._("One missed week a month is forgiven, and this month's is used up."))
    return notes


def _club_line(club: ClubPlace, r: Reader, *, shows_points: bool) -> str:
    level = r._("Level {level}", level=f"**{r.number(club.level)}**")
    points = r.n_("{n} point", "{n} points", club.points) if shows_points else ""
    paused = "💤 " + r._("paused") if club.is_paused else ""
    return " · ".join(filter(None, (mentions.member(club.creator_id, r), level, points, paused)))


def _train_badges(profile: MemberProfile, r: Reader) -> str:
    """Return the badges of gift trains: how many of each level."""
    return " · ".join(
        r._("Level {level} × {count}", level=r.number(level), count=f"**{r.number(count)}**")
        for level, count in enumerate(profile.train_badges, 1)
    )


def _creator_part(profile: MemberProfile, r: Reader) -> Part:
    assert profile.creator is not None
    lines = shares(profile.creator.rules, r)
    if profile.creator.changes:
        lines.append(history(profile.creator.changes, r))
    return Part("\n".join(lines), f"{theme.DIAMOND} " + r._("What creators earn"))
