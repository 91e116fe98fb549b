"""Posts each month that a guild's books add up, if the guild wants that."""

from bot.announcer.courier import Courier
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.deadlines import Deadline
from bot.services import Services
from bot.ui.kit.channels import allowed_in, can_attach
from bot.ui.kit.posting import Draft, Later, Place
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import reply
from bot.ui.looks.proofs import proof_card, proof_picture


class ProofPoster:
    """Handles the deadlines of monthly proofs."""

    def __init__(self, services: Services, client: Rosette, courier: Courier) -> None:
        self._services = services
        self._client = client
        self._courier = courier

    async def post(self, deadline: Deadline) -> int | None:
        """Post the proof of the month that is over, once; return when the next one is due."""
        guild_id = deadline.guild_id
        channel_id = await self._services.proofs.channel(guild_id)
        if not channel_id:
            return None
        proof = await self._services.proofs.last_month(guild_id)

        async def write() -> Draft:
            reader = guild_reader(self._client, guild_id)
            guild = self._client.get_guild(guild_id)
            may_attach = can_attach(allowed_in(guild, channel_id))
            picture = await proof_picture(proof, self._services.pictures, reader) if may_attach else None
            return Draft(reply(proof_card(proof, reader, picture)), silent=True)

        place = Place(guild_id, channel_id)
        outcome = await self._courier.post_once(place, f"proof:{proof.month}", write, kind=TurnKind.LOUD)
        return outcome.at_ms if isinstance(outcome, Later) else await self._services.proofs.next_ms(guild_id)
