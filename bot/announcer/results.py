"""Posts the results of a week or a month just before it ends, and makes the post final once it is over."""

from bot.announcer.courier import Courier
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.deadlines import SETTLED_MS, Deadline
from bot.domain.errors import Busy
from bot.domain.leaderboards import Board
from bot.domain.periods import Period
from bot.domain.results import PERIODS, Results, Step, What, days_of
from bot.services import Services
from bot.services.leaderboards import BoardQuery
from bot.services.visible_leaderboard import VisiblePage, visible_page
from bot.ui.kit.channels import allowed_in, can_attach
from bot.ui.kit.posting import Draft, Later, Place, Posted
from bot.ui.kit.readers import guild_reader
from bot.ui.looks.results import Shown, results_pictures, results_reply

_BOARDS = (Board.GIFTERS, Board.CREATORS)
_NOBODY = 0


class ResultPoster:
    """Handles the deadlines of results."""

    def __init__(self, services: Services, client: Rosette, courier: Courier) -> None:
        self._services = services
        self._client = client
        self._courier = courier

    async def post(self, deadline: Deadline) -> int | None:
        """Do what is to be done about a guild's results now; return when to go on, None if they are not wanted."""
        period = PERIODS[deadline.subject]
        while True:
            results, step, channel_id = await self._services.results.agenda(deadline.guild_id, period)
            if not results.is_on:
                return None
            if step.what is What.WAIT:
                return step.at_ms
            finishing = step.what is What.FINISH
            later_ms = await (self._finish(results, step) if finishing else self._post(results, step, channel_id))
            if later_ms is not None:
                return later_ms

    async def _post(self, results: Results, step: Step, channel_id: int) -> int | None:
        """Post, and note it; return when to try again if that is not now."""
        shown = await self._shown(results, step)
        if not channel_id or not shown.pages:
            # Somebody may still send the first gift, or choose a channel.
            if step.is_over:
                await self._services.results.note_post(results.posted(step.number, 0, 0, is_final=True))
            return None if step.is_over else step.at_ms + SETTLED_MS
        place, name = Place(results.guild_id, channel_id), f"results:{results.period}:{step.number}"
        outcome = await self._courier.post_once(
            place, name, lambda: self._draft(results, step, channel_id), kind=TurnKind.LOUD
        )
        if isinstance(outcome, Later):
            return outcome.at_ms
        message_id = outcome.message_id if isinstance(outcome, Posted) else 0
        # A message that was refused permanently cannot become final.
        is_final = step.is_over or not message_id
        await self._services.results.note_post(results.posted(step.number, channel_id, message_id, is_final=is_final))
        return None

    async def _finish(self, results: Results, step: Step) -> int | None:
        """Make a post final, and note it; return when to try again if that is not now."""
        channel_id, place = results.channel_id, Place(results.guild_id, results.channel_id)
        outcome = await self._courier.edit(
            place, results.message_id, lambda: self._draft(results, step, channel_id), kind=TurnKind.LOUD
        )
        if isinstance(outcome, Later):
            return outcome.at_ms
        post = results.posted(results.number, channel_id, results.message_id, is_final=True)
        await self._services.results.note_post(post)
        return None

    async def _draft(self, results: Results, step: Step, channel_id: int) -> Draft:
        client, guild_id = self._client, results.guild_id
        reader, shown = guild_reader(client, guild_id), await self._shown(results, step)
        pictures = self._services.pictures
        may_attach = can_attach(allowed_in(client.get_guild(guild_id), channel_id))
        attached = await results_pictures(shown, guild_id, client.membership, pictures, reader) if may_attach else []
        return Draft(results_reply(shown, reader, attached), silent=True)

    async def _shown(self, results: Results, step: Step) -> Shown:
        """Return the first places. Raises Busy while gifts are still being counted."""
        pages = [await self._page(results.guild_id, board, results.period, step.number) for board in _BOARDS]
        if any(page.board.counted_percent is not None for page in pages):
            raise Busy
        with_places = [page for page in pages if page.standings]
        return Shown(results.period, step.number, with_places, None if step.is_over else step.at_ms)

    async def _page(self, guild_id: int, board: Board, period: Period, number: int) -> VisiblePage:
        query = BoardQuery(guild_id, board, period, _NOBODY, channel_id=0, days=days_of(period, number))
        return await visible_page(self._services.leaderboards, self._client.shown_members, query)
