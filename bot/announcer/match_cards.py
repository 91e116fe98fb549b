"""Shows the cards of matches: posts each once, and edits it when an invitation expires or a match is over."""

from dataclasses import replace

from bot.announcer.courier import Courier
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.deadlines import Deadline, card_change
from bot.domain.match import MatchCard
from bot.services import Services
from bot.ui.kit.posting import Draft, Later, Outcome, Place, Posted
from bot.ui.kit.readers import guild_reader
from bot.ui.looks.match_card import match_card


class MatchCards:
    """Handles the deadlines of match cards."""

    def __init__(self, services: Services, client: Rosette, courier: Courier) -> None:
        self._services = services
        self._client = client
        self._courier = courier

    async def show(self, deadline: Deadline) -> int | None:
        """Show the card of a match as it is now; return when it next looks different, or when to try again."""
        card = await self._services.matches.card(deadline.guild_id, deadline.subject)
        if card is None:
            return None
        outcome = await self._carry(card)
        return outcome.at_ms if isinstance(outcome, Later) else card_change(card)

    async def _carry(self, card: MatchCard) -> Outcome:
        invitation, matches = card.invitation, self._services.matches
        place, match_id = Place(invitation.guild_id, invitation.channel_id), invitation.match_id

        posted = await matches.card_message(invitation.guild_id, match_id)

        async def write() -> Draft:
            contents = match_card(card, guild_reader(self._client, invitation.guild_id))
            return Draft(contents, is_layout=posted is None or posted.is_layout)

        async def write_first() -> Draft:
            return replace(await write(), pinged=await self._pinged(card))

        if posted is not None:
            return await self._courier.edit(place, posted.message_id, write, kind=TurnKind.LOUD, subject=match_id)
        outcome = await self._courier.post_once(place, f"match:{match_id}", write_first, kind=TurnKind.LOUD)
        if isinstance(outcome, Posted):
            await matches.card_posted(invitation.guild_id, match_id, outcome.message_id)
        return outcome

    async def _pinged(self, card: MatchCard) -> tuple[int, ...]:
        """Return whom the card pings: an opponent who has to answer, unless they want no pings, or quiet."""
        guild_id, opponent_id = card.invitation.guild_id, card.invitation.opponent_id
        choices = await self._services.own_choices.choices(guild_id, opponent_id)
        if not card.is_open or choices.no_pings or choices.is_quiet:
            return ()
        return (opponent_id,)
