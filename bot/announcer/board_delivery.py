"""Brings one board to its channel: posts it, edits it, posts it anew further down, and gives it up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.announcer.courier import Courier
from bot.announcer.failures import UNKNOWN_MESSAGE
from bot.announcer.lag import LagMeter
from bot.announcer.live_board import BURIED, LiveBoard
from bot.announcer.memory import LiveMemory
from bot.announcer.pace import TurnKind
from bot.announcer.staff import StaffMessenger
from bot.client import Rosette
from bot.domain.deadlines import NEVER_MS, SETTLED_MS
from bot.domain.live import LiveEvent
from bot.domain.live_displays import BoardMessage
from bot.domain.live_progress import LiveProgress
from bot.domain.posts import REPOST_MS
from bot.domain.trains import Cutoff
from bot.services.live_displays import PAGE, LiveDisplays
from bot.services.live_rules import LiveStatus
from bot.services.pictures import Pictures
from bot.ui.kit.cards import Card
from bot.ui.kit.channels import allowed_in, can_attach
from bot.ui.kit.cross_links import board_button, gift_button, hop_on_button
from bot.ui.kit.posting import Draft, Later, Outcome, Posted, Refused
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.live_card import Scene, goal_bar, live_card, over_card, unwanted

log = logging.getLogger(__name__)

GAP_MS = 2_500
"""The shortest time between two edits of one board."""

AGAIN_MS = 5_000
"""How long a board is left alone if it could not be posted anew."""


class BoardDelivery:
    """Shows boards. `clock` gives milliseconds since the epoch, UTC; `sleep` waits for seconds."""

    def __init__(
        self,
        displays: LiveDisplays,
        pictures: Pictures,
        memory: LiveMemory,
        client: Rosette,
        courier: Courier,
        staff: StaffMessenger,
        clock: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._displays = displays
        self._pictures = pictures
        self._memory = memory
        self._client = client
        self._courier = courier
        self._staff = staff
        self._clock = clock
        self._sleep = sleep
        self.lag = LagMeter()

    async def read(self, board: LiveBoard) -> LiveProgress:
        """Read what is new in the event, and return its progress.

        A new goal, a new match or a gift that was taken back has it read from the start.
        """
        _, progress = await self._read(board)
        return progress

    async def update(self, board: LiveBoard) -> Outcome | None:
        """Post or edit the board if it does not show everything; return what became of that, None for nothing to do."""
        event, posted = board.event, await self._memory.board(board.event)
        if posted is None:
            if event.ended_ms is not None:
                return None
            return await self._close_if_refused(board, BoardMessage(), await self._post(board, BoardMessage()))
        if posted.closed:
            return None
        is_behind = board.unshown.since_ms is not None or (await self._panel(board))[0].card != board.content
        board.is_unasked = board.is_unasked or is_behind
        if event.ended_ms is None:
            self._keep_in_sight(board, posted)
        if not posted.message_id:
            # Deleted: there is nothing to edit until it is posted anew.
            if event.ended_ms is not None:
                await self._close(event, posted)
            return None
        if is_behind:
            await self._sleep(max(0, board.edited_ms + GAP_MS - self._clock()) / 1000)
            return await self._close_if_refused(board, posted, await self._edit(board, posted))
        return None

    async def _read(self, board: LiveBoard) -> tuple[LiveStatus, LiveProgress]:
        async with board.lock:
            # One page after the other, but only as far as the journal goes now: in a storm it never stops growing.
            while True:
                board.is_dirty = False
                board.seq = max(board.seq, board.event.start_seq)
                look = await self._displays.look(board.event, board.seq)
                event, progress, page = look.status.event, board.progress, look.page
                board.event, board.railway = event, look.railway
                is_corrected = page.reversal_seq > board.clean_seq
                if progress is None or progress.goal != event.goal or board.matches != look.matches or is_corrected:
                    is_first = progress is None
                    progress, board.matches = LiveProgress(event, look.matches, look.status.reached), look.matches
                    board.progress, board.clean_seq = progress, page.head_seq
                    if not is_first:
                        board.seq = event.start_seq
                        continue
                progress.feed(page.gifts)
                board.unshown.read(page.gifts, self._clock())
                is_whole = page.seq - board.seq < PAGE
                board.seq = page.seq
                if is_whole:
                    await self._displays.keep_goal(look.status, progress)
                    await self._keep_trains(board, progress)
                    return look.status, progress

    async def _keep_trains(self, board: LiveBoard, progress: LiveProgress) -> None:
        """Write down the trains that are over, once no gift can be missing in them."""
        over_ms = self._clock() - SETTLED_MS if board.event.ended_ms is None else NEVER_MS
        rides = progress.momentum.rides(over_ms)
        if rides != board.rides and await self._displays.keep_trains(board.event, rides, Cutoff(board.seq, over_ms)):
            board.rides = rides

    def _keep_in_sight(self, board: LiveBoard, posted: BoardMessage) -> None:
        """Begin to bring a board to the end of its channel if that may be due. Edits go on meanwhile."""
        now_ms = self._clock()
        is_due = board.is_old(posted, now_ms) or board.asks(posted, now_ms) or posted.replaced_id is not None
        if is_due and (board.moving is None or board.moving.done()):
            name = f"board of {board.event.event_id} moves"
            board.moving = asyncio.create_task(self._move(board, posted), name=name)

    async def _move(self, board: LiveBoard, posted: BoardMessage) -> None:
        """Post a board anew that is old or buried, and remove the one before it."""
        try:
            if posted.replaced_id is not None:
                await self._remove(board, posted.replaced_id)
            if board.is_old(posted, self._clock()) or await self._is_buried(board, posted):
                outcome = await self._post(board, posted)
                if isinstance(outcome, Posted) and posted.message_id:
                    await self._remove(board, posted.message_id)
                await self._close_if_refused(board, posted, outcome)
        except Exception:
            log.exception("The board of live event %s could not be moved; trying again", board.event.event_id)
            board.look_ms = self._clock() + AGAIN_MS

    async def _is_buried(self, board: LiveBoard, posted: BoardMessage) -> bool:
        """Ask Discord, now and then, what stands below a board: without another intent, we hear of our own alone."""
        if not board.asks(posted, self._clock()):
            return False
        board.asked_ms = self._clock()
        count = await self._courier.count_after(board.place, posted.message_id, BURIED)
        # One that is buried stays in question until it has been posted anew.
        board.is_unasked = count is None or count == BURIED
        return count == BURIED

    async def _remove(self, board: LiveBoard, message_id: int) -> None:
        """Remove a message that the board has replaced. One that Discord will never remove stays."""
        outcome = await self._courier.delete(board.place, message_id)
        if not isinstance(outcome, Later):
            await self._memory.forget_replaced(board.event, message_id)

    async def _close_if_refused(self, board: LiveBoard, posted: BoardMessage, outcome: Outcome) -> Outcome:
        """Give a board up that Discord does not accept, or whose channel is gone. Return `outcome`."""
        current = await self._memory.board(board.event)
        if isinstance(outcome, Refused) and (current is None or current.message_id == posted.message_id):
            if outcome.code == UNKNOWN_MESSAGE:
                await self._replace_deleted(board, posted)
            else:
                await self._close(board.event, posted)
        return outcome

    async def _post(self, board: LiveBoard, posted: BoardMessage) -> Outcome:
        """Post a board in place of the one that was `posted`."""
        panel, seq = None, board.seq

        async def write() -> Reply:
            nonlocal panel, seq
            board.edited_ms = self._clock()
            panel, _ = await self._panel(board)
            seq = board.seq
            return panel

        event = board.event
        # The name has the message that is replaced, or Discord would take a later board for a repetition of this one.
        name = f"board:{event.event_id}:{posted.message_id}:{posted.made}"
        outcome = await self._courier.post_once(board.place, name, write, kind=TurnKind.BOARD)
        if isinstance(outcome, Posted):
            message = posted._replace(
                message_id=outcome.message_id,
                posted_ms=self._clock(),
                is_layout=True,
                replaced_id=posted.message_id or None,
            )
            await self._memory.save_board(event, message)
            board.is_unasked = False
            self._note_shown(board, panel, seq)
        return outcome

    async def _edit(self, board: LiveBoard, posted: BoardMessage) -> Outcome:
        panel, is_over, seq = None, False, board.seq

        async def write() -> Draft:
            nonlocal panel, is_over, seq
            # What came while the channel rested goes into the same edit.
            board.edited_ms = self._clock()
            panel, status = await self._panel(board)
            is_over, seq = status.event.ended_ms is not None, board.seq
            keeps_pictures = board.content is not None and _names(board.content) == _names(panel.card)
            return Draft(panel, keeps_pictures=keeps_pictures, is_layout=posted.is_layout)

        event = board.event
        outcome = await self._courier.edit(
            board.place, posted.message_id, write, kind=TurnKind.BOARD, subject=event.event_id
        )
        if isinstance(outcome, Posted):
            self._note_shown(board, panel, seq)
            current = await self._memory.board(event)
            if current is not None and current.message_id != posted.message_id:
                # It was posted anew meanwhile, and what stands there now may be behind this edit.
                board.content, board.is_dirty = None, True
            elif is_over:
                await self._close(event, posted)
                self.lag.report(self._clock(), at_once=True)
        return outcome

    async def _replace_deleted(self, board: LiveBoard, posted: BoardMessage) -> None:
        """Post a board again that somebody deleted, but only once: somebody who deletes it twice does not want it."""
        event = board.event
        if posted.made or event.ended_ms is not None:
            await self._close(event, posted)
            if event.ended_ms is None:
                await self._staff.tell(event.guild_id, f"unwanted:{event.event_id}", lambda r: unwanted(event, r))
        else:
            message = posted._replace(message_id=0, posted_ms=self._clock() - REPOST_MS, made=1)
            await self._memory.save_board(event, message)
            board.is_dirty = True

    async def _close(self, event: LiveEvent, posted: BoardMessage) -> None:
        await self._memory.save_board(event, posted._replace(closed=True))

    async def _panel(self, board: LiveBoard) -> tuple[Reply, LiveStatus]:
        status, progress = await self._read(board)
        status = status.at(self._clock())
        event, guild = status.event, self._client.get_guild(status.event.guild_id)
        reader = guild_reader(self._client, event.guild_id)
        if event.ended_ms is not None:
            return reply(over_card(status, reader)), status
        senders = {gift.sender for gift in progress.latest if gift.sender is not None}
        scene = Scene.of(progress, await self._memory.members(event.guild_id, senders), self._clock(), board.rails)
        with_bar = can_attach(allowed_in(guild, event.channel_id))
        bar = await goal_bar(status, self._pictures, reader) if with_bar else None
        gift = gift_button(event.event_id, reader, is_paused=status.takes_no_gifts)
        buttons = [gift, hop_on_button(event.event_id, reader), board_button(reader)]
        return reply(live_card(status, reader, scene, bar), buttons), status

    def _note_shown(self, board: LiveBoard, panel: Reply | None, seq: int) -> None:
        board.content = panel.card if panel is not None else None
        self.lag.note(board.unshown.show(seq, self._clock()))


def _names(card: Card | None) -> list[str]:
    return [picture.filename for picture in card.pictures] if card is not None else []
