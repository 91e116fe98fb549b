"""Challenges as staff make them: drafts, posting them, and ending them early."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypedDict, Unpack

from bot.domain.challenge_errors import ChallengeOver, ChallengePosted, CostlyPrizes, TooManyChallenges
from bot.domain.challenges import MOST_OPEN, Challenge, Phase, Prize, Sources
from bot.domain.deadlines import AT_ONCE_MS, SETTLED_MS, challenge_of
from bot.domain.errors import NotFound
from bot.domain.grant_errors import GrantTooLarge
from bot.domain.staff_acts import ActKind, StaffAct
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import challenge_awards, challenges, deadlines, grant_limits, guilds, staff_acts

MOST_LISTED: Final = 20
"""Challenges in the list of staff."""


class DraftChanges(TypedDict, total=False):
    """What can be changed in a draft. See `bot.domain.challenges.Challenge`."""

    name: str
    about: str
    days: int
    starts_ms: int | None
    double_from_ms: int | None
    double_hours: int
    is_by_creator: bool
    sources: Sources
    prizes: Sequence[Prize]


class Challenges:
    """The use-cases of those who make challenges."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def draft(self, guild_id: int, challenge_id: int, *, name: str, days: int, by: int) -> Challenge:
        """Begin a draft. Raises InvalidText, InvalidAmount, TooManyChallenges or UnknownGuild."""
        draft = Challenge(guild_id, challenge_id, name, days=days).checked()
        return await self._database.writer.perform(_draft, draft, by)

    async def find(self, guild_id: int, challenge_id: int) -> Challenge:
        """Return a challenge, or a draft of one. Raises NotFound."""
        return await self._database.read(required, guild_id, challenge_id)

    async def listed(self, guild_id: int) -> list[Challenge]:
        """Return the newest challenges, drafts included, first those that are not over."""
        return await self._database.read(challenges.listed, guild_id, MOST_LISTED)

    async def refused_coins(self, guild_id: int) -> dict[int, int]:
        """Return of how many prizes the coins could not be given, by challenge."""
        return await self._database.read(challenge_awards.refused_coins, guild_id)

    async def change(self, guild_id: int, challenge_id: int, **changes: Unpack[DraftChanges]) -> Challenge:
        """Change a draft. Raises NotFound, ChallengePosted, and what is wrong with the changes."""
        return await self._database.writer.perform(_change, guild_id, challenge_id, changes)

    async def discard(self, guild_id: int, challenge_id: int) -> Challenge:
        """Throw a draft away, and return it. Raises NotFound or ChallengePosted."""
        return await self._database.writer.perform(_discard, guild_id, challenge_id)

    async def post(self, guild_id: int, challenge_id: int, *, channel_id: int, by: int) -> Challenge:
        """Post a draft in a channel: from now on, members can take part.

        Raises NotFound, ChallengePosted, ChallengeUnready, PastMoment, GrantTooLarge or CostlyPrizes.
        """
        return await self._database.writer.perform(_post, guild_id, challenge_id, channel_id, by, self._clock())

    async def end(self, guild_id: int, challenge_id: int, *, by: int) -> Challenge:
        """End a challenge early. Raises NotFound or ChallengeOver."""
        return await self._database.writer.perform(_end, guild_id, challenge_id, by, self._clock())


def required(c: Connection, guild_id: int, challenge_id: int) -> Challenge:
    """Return a challenge; raise NotFound."""
    challenge = challenges.find(c, guild_id, challenge_id)
    if challenge is None:
        raise NotFound("challenge")
    return challenge


def _draft(c: Connection, draft: Challenge, by: int) -> Challenge:
    guilds.lock(c, draft.guild_id)
    guilds.required(c, draft.guild_id)
    if challenges.open_count(c, draft.guild_id) >= MOST_OPEN:
        raise TooManyChallenges(MOST_OPEN)
    draft = replace(draft, maker=holders.ensure(c, draft.guild_id, by))
    challenges.save(c, draft)
    return draft


def _locked_draft(c: Connection, guild_id: int, challenge_id: int) -> Challenge:
    guilds.lock(c, guild_id)
    challenge = required(c, guild_id, challenge_id)
    if challenge.posted_ms is not None:
        raise ChallengePosted
    return challenge


def _change(c: Connection, guild_id: int, challenge_id: int, changes: DraftChanges) -> Challenge:
    draft = replace(_locked_draft(c, guild_id, challenge_id), **changes).checked()
    challenges.save(c, draft)
    return draft


def _discard(c: Connection, guild_id: int, challenge_id: int) -> Challenge:
    draft = _locked_draft(c, guild_id, challenge_id)
    challenges.remove(c, guild_id, challenge_id)
    return draft


def _post(c: Connection, guild_id: int, challenge_id: int, channel_id: int, by: int, now_ms: int) -> Challenge:
    draft = _locked_draft(c, guild_id, challenge_id)
    _check_coins(c, draft)
    zone = guilds.required(c, guild_id).time_zone
    challenge = draft.posted(challenges.next_moment(c, guild_id, now_ms), now_ms, zone, channel_id)
    challenge = replace(challenge, maker=holders.ensure(c, guild_id, by))
    challenges.save(c, challenge)
    deadlines.put(c, challenge_of(guild_id, challenge_id, AT_ONCE_MS))
    after = {"name": challenge.name, "from_ms": challenge.starts_ms, "until_ms": challenge.ends_ms}
    staff_acts.add(c, guild_id, StaffAct(by, ActKind.CHALLENGE, now_ms, str(challenge_id), after=after))
    return challenge


def _end(c: Connection, guild_id: int, challenge_id: int, by: int, now_ms: int) -> Challenge:
    guilds.lock(c, guild_id)
    before = required(c, guild_id, challenge_id)
    if before.phase(now_ms) not in {Phase.COMING, Phase.RUNNING} or before.starts_ms is None:
        raise ChallengeOver
    # What has been counted stays counted, whatever the clock said.
    next_ms = challenges.next_moment(c, guild_id, now_ms)
    starts_ms = min(before.starts_ms, next_ms)
    ends_ms = max(next_ms, starts_ms + 1)
    challenge = replace(before, starts_ms=starts_ms, ends_ms=ends_ms)
    challenges.save(c, challenge)
    due_ms = AT_ONCE_MS if challenge.message_id is None else ends_ms + SETTLED_MS
    deadlines.put(c, challenge_of(guild_id, challenge_id, due_ms))
    old, new = ({"name": each.name, "until_ms": each.ends_ms} for each in (before, challenge))
    staff_acts.add(c, guild_id, StaffAct(by, ActKind.CHALLENGE, now_ms, str(challenge_id), before=old, after=new))
    return challenge


def _check_coins(c: Connection, draft: Challenge) -> None:
    """Raise GrantTooLarge or CostlyPrizes where prizes could be more than managers may grant."""
    limits = grant_limits.limits(c, draft.guild_id)
    if limits.per_grant is not None and draft.most_coins > limits.per_grant:
        raise GrantTooLarge(limits.per_grant)
    in_all = draft.most_coins_in_all
    if limits.per_day is not None and (in_all is None or in_all > limits.per_day):
        raise CostlyPrizes(limits.per_day)
