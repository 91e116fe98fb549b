"""Announces challenges, gives their prizes once they are over, and posts the results."""

from collections.abc import Sequence
from typing import Final

from bot.announcer.courier import Courier
from bot.announcer.pace import TurnKind
from bot.announcer.staff import StaffMessenger
from bot.client import Rosette
from bot.domain.challenge_steps import What
from bot.domain.challenges import SHOWN_AFTER_MS, Challenge
from bot.domain.deadlines import Deadline
from bot.domain.errors import NotFound
from bot.services import Services
from bot.services.challenge_places import League, present_places
from bot.ui.kit.cross_links import board_button, challenge_button, open_gift_button
from bot.ui.kit.posting import Draft, Later, Place, Posted, Write
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import reply
from bot.ui.looks.challenges import FIRST_PLACES, MOST_LEAGUES, posted_card, results_card, seen_among
from bot.ui.looks.notices import fallen_notice

REFUSED: Final = 0
"""The message that stands for one that the channel did not take."""

MOST_PINGED: Final = 10


class ChallengePoster:
    """Deals with the deadlines of challenges."""

    def __init__(self, services: Services, client: Rosette, courier: Courier, staff: StaffMessenger) -> None:
        self._services = services
        self._staff = staff
        self._places = services.challenge_places
        self._client = client
        self._courier = courier

    async def go_on(self, deadline: Deadline) -> int | None:
        """Do what is to be done about a challenge now; return when to go on, None for never."""
        guild_id, challenge_id = deadline.guild_id, deadline.subject
        is_new = False
        while True:
            try:
                challenge, step = await self._places.agenda(guild_id, challenge_id)
            except NotFound:
                return None
            if step.what is What.NOTHING:
                await self._recheck(challenge)
                return await self._show(challenge)
            if step.what is What.WAIT:
                again_ms = None if is_new else await self._show(challenge)
                return step.at_ms if again_ms is None else min(step.at_ms, again_ms)
            later_ms: int | None = None
            if step.what is What.ANNOUNCE:
                later_ms, is_new = await self._announce(challenge), True
            elif step.what is What.SETTLE:
                await self._settle(challenge)
            else:
                await self._places.give_coins(guild_id, challenge_id)
                later_ms = await self._post_results(challenge)
            if later_ms is not None:
                return later_ms

    async def _announce(self, challenge: Challenge) -> int | None:
        """Announce a challenge; return when to try again if that is not now."""

        async def write() -> Draft:
            return await self._draft(challenge)

        message_id = await self._post(challenge, "begin", write)
        if isinstance(message_id, Later):
            return message_id.at_ms
        await self._places.note_message(challenge.guild_id, challenge.challenge_id, message_id)
        return None

    async def _draft(self, challenge: Challenge) -> Draft:
        """Return the message of a challenge with its first places as they are now."""
        guild_id, reader = challenge.guild_id, guild_reader(self._client, challenge.guild_id)
        leagues = await self._first_places(challenge)
        ids = [place.member_id for league in leagues for place in league.places[:FIRST_PLACES]]
        seen = await seen_among(self._client.shown_members, self._services.own_choices, guild_id, ids)
        buttons = [challenge_button(challenge.challenge_id, reader), open_gift_button(reader)]
        return Draft(reply(posted_card(challenge, reader, leagues, seen), buttons))

    async def _first_places(self, challenge: Challenge) -> list[League]:
        """Return the leagues with most points, without those who left."""
        guild_id, leagues = challenge.guild_id, list[League]()
        for league in (await self._places.board(guild_id, challenge.challenge_id)).leagues[:MOST_LEAGUES]:
            present, _ = await present_places(self._client.membership, guild_id, league, FIRST_PLACES)
            leagues.append(League(league.creator_id, present))
        return leagues

    async def _show(self, challenge: Challenge) -> int | None:
        """Show new places on the message of a challenge; return when to try again if that is not now."""
        ends_ms, message_id = challenge.ends_ms or 0, challenge.message_id
        if not message_id or self._client.clock.estimate() >= ends_ms + SHOWN_AFTER_MS:
            return None

        async def write() -> Draft:
            return await self._draft(challenge)

        place, subject = Place(challenge.guild_id, challenge.channel_id), challenge.challenge_id
        outcome = await self._courier.edit(place, message_id, write, kind=TurnKind.BOARD, subject=subject)
        return outcome.at_ms if isinstance(outcome, Later) else None

    async def _recheck(self, challenge: Challenge) -> None:
        """Tell staff of prizes whose points were taken back since the end, and take their roles and badges."""
        guild_id, challenge_id = challenge.guild_id, challenge.challenge_id
        if challenge.over_ms is None:
            return
        fallen = await self._places.fallen(guild_id, challenge_id)
        if fallen.awards:
            name = f"fallen:{challenge_id}:{len(fallen.awards)}:{fallen.awards[0].holder:x}"
            await self._staff.tell(guild_id, name, lambda r: fallen_notice(challenge, fallen, r))
            await self._places.drop(guild_id, challenge_id, fallen.awards)

    async def _settle(self, challenge: Challenge) -> None:
        guild_id = challenge.guild_id
        await self._places.count_up(guild_id)
        leagues = (await self._places.board(guild_id, challenge.challenge_id)).leagues
        least = max(challenge.most_places, FIRST_PLACES)
        absent_ids: set[int] = set()
        for league in leagues:
            _, absent = await present_places(self._client.membership, guild_id, league, least)
            absent_ids |= absent
        await self._places.settle(guild_id, challenge.challenge_id, absent_ids)

    async def _post_results(self, challenge: Challenge) -> int | None:
        """Post the results; return when to try again if that is not now."""

        async def write() -> Draft:
            return await self._results(challenge)

        message_id = await self._post(challenge, "end", write)
        if isinstance(message_id, Later):
            return message_id.at_ms
        await self._places.note_result(challenge.guild_id, challenge.challenge_id, message_id)
        return None

    async def _results(self, challenge: Challenge) -> Draft:
        guild_id, reader = challenge.guild_id, guild_reader(self._client, challenge.guild_id)
        leagues = await self._first_places(challenge)
        winners = await self._places.winners(guild_id, challenge.challenge_id)
        ids = [winner.member_id for winner in winners]
        ids += [place.member_id for league in leagues for place in league.places[:FIRST_PLACES]]
        visible = await seen_among(self._client.shown_members, self._services.own_choices, guild_id, ids)
        pinged = await self._pinged(guild_id, [each for each in dict.fromkeys(ids) if each and each in visible.named])
        card = results_card(challenge, leagues, winners, visible, reader)
        return Draft(reply(card, [board_button(reader)]), pinged=pinged)

    async def _pinged(self, guild_id: int, member_ids: Sequence[int]) -> tuple[int, ...]:
        """Return those who hear of the results: the first of them, without those who want no pings."""
        first_ids = member_ids[:MOST_PINGED]
        quiet_ids = await self._services.own_choices.quiet_among(guild_id, first_ids)
        return tuple(each for each in first_ids if each not in quiet_ids)

    async def _post(self, challenge: Challenge, what: str, write: Write) -> int | Later:
        place = Place(challenge.guild_id, challenge.channel_id)
        name = f"challenge:{challenge.challenge_id}:{what}"
        outcome = await self._courier.post_once(place, name, write, kind=TurnKind.LOUD)
        if isinstance(outcome, Later):
            return outcome
        return outcome.message_id if isinstance(outcome, Posted) else REFUSED
