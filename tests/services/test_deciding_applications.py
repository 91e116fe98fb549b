"""Applications in the books: one for a member, decided once, and erased in time."""

import pytest
from sqlalchemy import Connection, func, select

from bot.domain.applications import (
    AGAIN_MS,
    KEPT_MS,
    ApplicationGone,
    ApplicationOpen,
    ApplicationsClosed,
    ApplyLater,
    CreatorAlready,
)
from bot.domain.deadlines import DeadlineKind
from bot.domain.notices import ApplicationNotice, CreatorNotice
from bot.domain.staff_acts import ActKind
from bot.services import Services
from bot.storage.database import Database
from bot.storage.sql.creator_tables import creator_applications
from bot.storage.stores import deadlines, staff_acts
from tests.services.paying import GUILD
from tests.storage.town import Clock

NOOR, KAI, SAM = 11, 12, 13


async def apply(services: Services, member_id: int = NOOR, application_id: int = 900) -> None:
    """Have a member apply with an answer to whatever is asked."""
    questions = await services.applications.questions(GUILD, member_id)
    await services.applications.apply(GUILD, member_id, application_id, questions, ["songs"] * len(questions))


def _rows(c: Connection) -> int:
    return c.execute(select(func.count()).select_from(creator_applications)).scalar_one()


async def read_notices(services: Services, member_id: int) -> list[object]:
    async with services.notices.telling(GUILD, member_id) as notices:
        return [*notices]


async def test_an_approved_application_makes_a_creator_and_leaves_nothing_behind(
    services: Services, database: Database
):
    await apply(services)

    await services.creators.accept(GUILD, 900, SAM)

    assert await services.creators.is_creator(GUILD, NOOR)
    assert await read_notices(services, NOOR) == [CreatorNotice(SAM)]
    assert await database.read(_rows) == 0
    with pytest.raises(CreatorAlready):
        await services.applications.questions(GUILD, NOOR)


async def test_a_declined_member_reads_why_and_applies_again_after_a_week(services: Services, clock: Clock):
    await apply(services)
    declined_ms = clock.now_ms

    await services.applications.decline(GUILD, 900, SAM, " not *yet* ")

    assert await read_notices(services, NOOR) == [ApplicationNotice("not *yet*", declined_ms + AGAIN_MS)]
    assert await services.applications.waiting(GUILD) == []
    with pytest.raises(ApplyLater):
        await services.applications.questions(GUILD, NOOR)
    clock.now_ms += AGAIN_MS
    await apply(services, application_id=901)
    assert [one.application_id for one in await services.applications.waiting(GUILD)] == [901]


async def test_the_answers_go_at_once_and_the_rest_of_a_declined_one_after_30_days(
    services: Services, database: Database, clock: Clock
):
    await apply(services)
    await services.applications.decline(GUILD, 900, SAM, "")
    answers = await database.read(lambda c: c.execute(select(creator_applications.c.answers)).scalar_one())

    await services.applications.forget()
    rest = await database.read(_rows)
    clock.now_ms += KEPT_MS + 1
    await services.applications.forget()

    assert (answers, rest, await database.read(_rows)) == ("[]", 1, 0)


async def test_a_member_has_one_open_application_and_can_take_it_back(services: Services, database: Database):
    await apply(services)
    with pytest.raises(ApplicationOpen):
        await apply(services, application_id=901)

    await services.applications.withdraw(GUILD, NOOR)

    assert await database.read(_rows) == 0
    with pytest.raises(ApplicationGone):
        await services.applications.withdraw(GUILD, NOOR)
    with pytest.raises(ApplicationGone):
        await services.creators.accept(GUILD, 900, SAM)


async def test_whoever_decides_second_is_told_that_it_is_over(services: Services):
    await apply(services)
    await services.creators.accept(GUILD, 900, SAM)

    with pytest.raises(ApplicationGone):
        await services.applications.decline(GUILD, 900, KAI, "too late")


async def test_the_command_that_approves_answers_the_application_too(services: Services):
    await apply(services)

    await services.creators.approve(GUILD, NOOR, SAM, is_bot=False)

    assert await services.applications.waiting(GUILD) == []


async def test_a_guild_that_takes_no_applications_still_decides_about_those_it_has(services: Services):
    await services.applications.ask(GUILD, ["What?", "When?"], by=SAM)
    await apply(services)
    await services.applications.take(GUILD, is_open=False, by=SAM)

    with pytest.raises(ApplicationsClosed):
        await services.applications.questions(GUILD, KAI)
    (application,) = await services.applications.waiting(GUILD)
    assert [answer.question for answer in application.answers] == ["What?", "When?"]
    assert (await services.applications.settings(GUILD)).questions == ("What?", "When?")


async def test_staff_are_to_be_told_once_of_each(services: Services, database: Database, clock: Clock):
    await apply(services)
    due, _ = await database.read(deadlines.outlook, clock.now_ms)

    await services.applications.mark_announced(GUILD, await services.applications.waiting(GUILD))

    assert DeadlineKind.APPLICATIONS in {deadline.kind for deadline, _ in due}
    assert [one.announced for one in await services.applications.waiting(GUILD)] == [True]


async def test_what_staff_do_about_applications_is_kept_without_what_is_erased(services: Services, database: Database):
    await services.applications.ask(GUILD, ["What?"], by=SAM)
    await apply(services)
    await services.applications.decline(GUILD, 900, SAM, "not yet")

    decision, questions = [entry.act for entry in await database.read(staff_acts.latest, GUILD, 2)]

    assert (decision.kind, decision.actor_id, decision.member_id) == (ActKind.APPLICATION, SAM, NOOR)
    assert (decision.before, decision.after, decision.reason) == ({"open": 1}, {"open": 0}, "")
    assert (questions.kind, questions.before, questions.after) == (
        ActKind.APPLYING,
        {"questions": ""},
        {"questions": "What?"},
    )
