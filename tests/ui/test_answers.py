"""Acknowledging in time, whatever Discord says; and failures, which only their caller sees."""

import asyncio
import contextlib
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.domain.errors import BooksClosed, Busy, GiftToSelf
from bot.domain.receipts import OutcomeUnknown, Receipt
from bot.ui.kit import access
from bot.ui.kit.answers import OLD_S, Mode, answer, pictured
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.kit.errors import tell
from bot.ui.kit.replies import Reply, reply
from tests.rig import until
from tests.ui.discord_side import FAILING, GONE, TAKEN, Interaction, refused

CAME_AT = 1_000.0
RECEIPT = Receipt(guild_id=1, seq=7, kind="gift", at_ms=0, actor_id=5, other_id=6, facts={})
PLAIN = reply(Card.of("done", 0))
DONE = reply(Card.of("done", 0), receipt=RECEIPT)
RECORDED = reply(Card.of("recorded", 0), receipt=RECEIPT)


class Work:
    """Work that counts how often it is done."""

    def __init__(
        self, side: Interaction, *, slow: bool = False, error: Exception | None = None, outcome: Reply = DONE
    ) -> None:
        self.side, self.slow, self.error, self.outcome = side, slow, error, outcome
        self.times = 0

    async def __call__(self) -> Reply:
        self.times += 1
        if self.slow:
            await self.side.answered.wait()
        if self.error is not None:
            raise self.error
        return self.outcome


async def recorded() -> Reply | None:
    return RECORDED


async def nothing_recorded() -> Reply | None:
    return None


async def ask(side: Interaction, work: Work, mode: Mode = Mode.PRIVATE, *, late: bool = False, **more: Any) -> None:
    now = CAME_AT + OLD_S + 0.1 if late else CAME_AT + 0.1
    await answer(cast("discord.Interaction", side), work, mode, clock=lambda: now, **more)


@pytest.mark.parametrize(
    ("mode", "message"),
    [(Mode.PRIVATE, "private: done"), (Mode.PUBLIC, "public: done"), (Mode.UPDATE, "update: done")],
)
async def test_quick_work_is_answered_at_once(mode: Mode, message: str) -> None:
    side = Interaction()

    await ask(side, Work(side), mode)

    assert side.log == [message]


@pytest.mark.parametrize(
    ("mode", "ack"), [(Mode.PRIVATE, "defer private"), (Mode.PUBLIC, "defer"), (Mode.UPDATE, "defer")]
)
async def test_slow_work_is_acknowledged_first_and_shown_later(mode: Mode, ack: str) -> None:
    side = Interaction()

    await ask(side, Work(side, slow=True), mode)

    assert side.log == [ack, "edit: done"]


async def test_work_that_has_begun_is_shown_though_the_acknowledgement_failed() -> None:
    side = Interaction(code=FAILING)

    async def work() -> Reply:
        await side.tried.wait()
        side.code = 0
        return DONE

    await answer(cast("discord.Interaction", side), work, clock=lambda: CAME_AT + 0.1)

    assert side.log == ["private: done"]


async def test_a_late_interaction_is_acknowledged_before_the_work() -> None:
    side = Interaction()

    await ask(side, Work(side, slow=True), late=True)

    assert side.log == ["defer private", "edit: done"]


@pytest.mark.parametrize("more", [{}, {"recorded": nothing_recorded}])
async def test_work_that_could_not_be_answered_in_time_is_refused_and_not_begun(more: Any) -> None:
    side = Interaction()
    work = Work(side)

    with contextlib.ExitStack() as under_way:
        for _ in range(1_000):
            under_way.enter_context(side.workload)
        with pytest.raises(Busy):
            await ask(side, work, **more)
    await tell(cast("discord.Interaction", side), Busy())

    assert work.times == 0
    assert ("charged" in side.log[-1]) == bool(more)


async def test_an_interaction_that_came_too_late_is_dropped_and_nothing_is_done() -> None:
    side = Interaction(code=GONE)
    work = Work(side)

    await ask(side, work, late=True, recorded=recorded)

    assert work.times == 0
    assert side.log == []


async def test_what_another_process_did_is_shown_and_not_done_again() -> None:
    side = Interaction(code=TAKEN)
    work = Work(side)

    await ask(side, work, late=True, recorded=recorded)

    assert work.times == 0
    assert side.log == ["edit: recorded"]


@pytest.mark.parametrize("more", [{}, {"recorded": nothing_recorded}])
async def test_what_another_process_took_without_a_record_is_left_to_it(more: dict[str, Any]) -> None:
    side = Interaction(code=TAKEN)
    work = Work(side)

    await ask(side, work, late=True, **more)

    assert work.times == 0
    assert side.log == []


async def test_a_receipt_replaces_the_thinking_that_a_dead_process_left() -> None:
    side = Interaction(code=TAKEN)

    await ask(side, Work(side), recorded=recorded)

    assert side.log == ["edit: done"]


async def test_a_panel_never_replaces_what_it_has_become() -> None:
    side = Interaction(code=TAKEN)

    with pytest.raises(discord.HTTPException):
        await ask(side, Work(side, outcome=PLAIN), Mode.UPDATE)

    assert side.log == []


async def test_work_that_has_begun_is_finished_though_its_answer_is_lost() -> None:
    side = Interaction(code=GONE)
    work = Work(side, outcome=PLAIN)

    with pytest.raises(discord.NotFound):
        await ask(side, work)

    assert work.times == 1


@pytest.mark.parametrize("code", [GONE, TAKEN, FAILING])
async def test_a_receipt_that_cannot_be_shown_is_missed(code: int) -> None:
    side = Interaction(code=code)
    side.edit_error = refused(GONE)

    await ask(side, Work(side), recorded=recorded)

    assert side.log == []
    assert side.receipts.has_missed(1, 5)


@pytest.mark.parametrize("code", [TAKEN, FAILING])
async def test_a_receipt_replaces_what_may_be_its_own_answer(code: int) -> None:
    side = Interaction(code=code)

    await ask(side, Work(side), recorded=recorded)

    assert side.log == ["edit: done"]
    assert not side.receipts.has_missed(1, 5)


async def test_a_receipt_is_missed_while_it_is_on_its_way_for_too_long() -> None:
    side = Interaction(overdue_s=0.0)
    misses: list[bool] = []

    async def work() -> Reply:
        side.hold = asyncio.Event()
        return DONE

    answering = asyncio.ensure_future(answer(cast("discord.Interaction", side), work, clock=lambda: CAME_AT + 0.1))

    async def is_overdue() -> bool:
        return side.receipts.has_missed(1, 5)

    misses.append(await until(is_overdue))
    assert side.hold is not None
    side.hold.set()
    await answering
    misses.append(side.receipts.has_missed(1, 5))

    assert misses == [True, False]
    assert side.log == ["private: done"]


@pytest.mark.parametrize("error", [GiftToSelf(), RuntimeError("after the commit")])
async def test_what_failed_here_and_is_in_the_books_is_shown_as_a_receipt(error: Exception) -> None:
    side = Interaction()

    await ask(side, Work(side, error=error), recorded=recorded)

    assert side.log == ["private: recorded"]


async def told_after(side: Interaction, error: Exception, **more: Any) -> str:
    """Return what a member reads after a failure."""
    try:
        await ask(side, Work(side, error=error), **more)
    except type(error) as failure:
        await tell(cast("discord.Interaction", side), failure)
    return side.log[0]


async def unreadable() -> Reply | None:
    raise BooksClosed


CLAIM = "haven't been charged"


async def test_while_nobody_knows_what_was_booked_the_books_are_not_asked() -> None:
    # They may be those of a server that is cut off from the one that takes over.
    text = await told_after(Interaction(), OutcomeUnknown(), recorded=recorded)

    assert "whether you were charged" in text
    assert "recorded" not in text


async def test_a_refusal_of_money_says_that_nothing_was_charged_once_the_books_confirm_it() -> None:
    assert CLAIM in await told_after(Interaction(), GiftToSelf(), recorded=nothing_recorded)


@pytest.mark.parametrize("more", [{}, {"recorded": unreadable}, {"recorded": nothing_recorded, "charges": False}])
async def test_without_the_books_nothing_is_said_about_charging(more: dict[str, Any]) -> None:
    assert CLAIM not in await told_after(Interaction(), GiftToSelf(), **more)


async def test_beside_another_process_nothing_is_said_about_charging() -> None:
    side = Interaction()
    side.instances.notice()

    assert CLAIM not in await told_after(side, GiftToSelf(), recorded=nothing_recorded)


async def test_an_error_of_ours_never_denies_a_charge() -> None:
    assert CLAIM not in await told_after(Interaction(), RuntimeError(), recorded=nothing_recorded)


async def test_a_refusal_never_replaces_what_another_process_has_shown() -> None:
    side = Interaction()
    side.is_loading = False
    try:
        await ask(side, Work(side, slow=True, error=GiftToSelf()), recorded=nothing_recorded)
    except GiftToSelf as refusal:
        await tell(cast("discord.Interaction", side), refusal)

    assert side.log == ["defer private"]


async def test_a_refusal_is_told_to_its_caller_alone() -> None:
    for mode, slow, log in (
        (Mode.PRIVATE, False, ["private: You can't"]),
        (Mode.PUBLIC, False, ["private: You can't"]),
        (Mode.UPDATE, False, ["private: You can't"]),
        (Mode.PRIVATE, True, ["defer private", "edit: You can't"]),
        (Mode.PUBLIC, True, ["defer", "delete", "private follow-up: You can't"]),
        (Mode.UPDATE, True, ["defer", "private follow-up: You can't"]),
    ):
        side = Interaction()
        try:
            await ask(side, Work(side, slow=slow, error=GiftToSelf()), mode)
        except GiftToSelf as refusal:
            await tell(cast("discord.Interaction", side), refusal)

        assert [line.partition(" send")[0] for line in side.log] == log


async def test_a_failure_after_the_answer_does_not_overwrite_it() -> None:
    side = Interaction()
    await ask(side, Work(side, slow=True))

    await tell(cast("discord.Interaction", side), access.RefusedCommand(GiftToSelf()))

    assert side.log[:2] == ["defer private", "edit: done"]
    assert side.log[2].startswith("private follow-up: You can't")


@pytest.mark.parametrize("code", [GONE, TAKEN])
async def test_a_failure_that_nobody_can_be_told_is_no_failure(code: int) -> None:
    side = Interaction(code=code)

    await tell(cast("discord.Interaction", side), GiftToSelf())
    await tell(cast("discord.Interaction", side), refused(code))

    assert side.log == []


async def test_a_failed_autocomplete_offers_nothing() -> None:
    side = Interaction(kind="autocomplete")

    await tell(cast("discord.Interaction", side), access.RefusedCommand(GiftToSelf()))

    assert side.log == ["choices: []"]


async def test_an_error_of_ours_is_logged_with_the_id_that_the_member_sees(caplog: pytest.LogCaptureFixture) -> None:
    side = Interaction()

    await tell(cast("discord.Interaction", side), RuntimeError("the cable"))

    assert str(side.id) in caplog.text
    assert "the cable" in caplog.text
    assert "the cable" not in side.log[0]


PICTURE = Picture("board.png", b"PNG", "A board")


async def drawn() -> Picture | None:
    return PICTURE


@pytest.mark.parametrize(
    ("mode", "slow", "message"),
    [
        (Mode.PUBLIC, False, "public: done + board.png (A board)"),
        (Mode.UPDATE, False, "update: done + board.png (A board)"),
        (Mode.PUBLIC, True, "edit: done + board.png (A board)"),
    ],
)
async def test_a_picture_comes_with_its_words_whichever_way_the_answer_goes(
    mode: Mode, slow: bool, message: str
) -> None:
    side = Interaction()

    async def work() -> Reply:
        if slow:
            await side.answered.wait()
        return reply(Card(0, (Part("done"),), pictures=(PICTURE,)))

    await answer(cast("discord.Interaction", side), work, mode, clock=lambda: CAME_AT + 0.1)

    assert side.log[-1] == message


@pytest.mark.parametrize(
    ("permissions", "expected_picture"),
    [
        (discord.Permissions(attach_files=True), PICTURE),
        (discord.Permissions(administrator=True), PICTURE),
        (discord.Permissions(embed_links=True), None),
    ],
)
async def test_a_picture_is_drawn_where_files_may_be_attached(
    permissions: discord.Permissions, expected_picture: Picture | None
) -> None:
    caller: Any = SimpleNamespace(bot_permissions=permissions)

    assert await pictured(caller, drawn) is expected_picture


async def test_a_picture_that_takes_too_long_is_left_out() -> None:
    async def never() -> Picture | None:
        await asyncio.Event().wait()
        raise AssertionError

    caller: Any = SimpleNamespace(bot_permissions=discord.Permissions(attach_files=True), call_id=4711)

    assert await pictured(caller, never, patience_s=0.01) is None
