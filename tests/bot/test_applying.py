"""Members apply to become creators, staff are told without a name, and decide with one press."""

from typing import Any

from bot.domain.applications import QUESTION_LENGTH
from sandbox.discord.model import Message, Modal
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests.bot.picking import part
from tests.bot.test_news import news_of
from tests.bot.test_staff_roles import make_manager
from tests.rig import Rig, Town


def labels_of(form: Modal) -> list[str]:
    """Return what a form asks."""
    return [item["label"] for item in walk(form.components) if "component" in item]


async def apply(person: Any, *answers: str) -> Any:
    """Fill in the form of `/creator apply`."""
    form = await (await person.slash("creator apply")).modal()
    fields = dict(zip((field["custom_id"] for field in form.fields), answers, strict=True))
    return form, await (await person.submit(form, **fields)).message()


async def test_staff_ask_members_answer_and_the_press_of_a_button_makes_a_creator(rig: Rig, town: Town) -> None:
    panel = await (await town.sam.slash("settings")).message()
    panel = await (await town.sam.click(panel, "Creators")).message()
    form = await (await town.sam.click(panel, "Change the questions")).modal()
    questions = dict(zip((field["custom_id"] for field in form.fields), ["What?", "", "When?", "", ""], strict=True))
    page = await (await town.sam.submit(form, **questions)).message()

    _, refusal = await apply(town.noor, "my *songs*", "\u2060")
    form, receipt = await apply(town.noor, "my *songs*", "every Friday")
    again = await (await town.noor.slash("creator apply")).message()
    creators = await (await town.sam.slash("creators list")).message()
    review = await (await town.sam.click(creators, "Review applications")).message()
    read = review.text
    decision = await (await town.sam.click(review, "Approve")).message()

    assert "What?" in page.text
    assert "/creator apply" in page.text
    assert labels_of(form) == ["What?", "When?"]
    assert "Please answer “\u2068When?\u2069” with visible characters." in refusal.text
    assert "Your application is in" in receipt.text
    assert "haven't decided yet" in again.text
    assert "1 member would like to become a creator" in creators.text
    assert "my \\*songs\\*" in read
    assert "every Friday" in read
    assert f"<@{town.noor.user.id}> is a creator now" in decision.text
    assert "made you a creator" in await news_of(rig, town, town.noor)


async def test_staff_hear_of_an_application_in_a_channel_and_decline_with_a_reason(rig: Rig, town: Town) -> None:
    await town.announce_in(town.gifts)
    await apply(town.noor, "songs")
    notice = await town.announced(town.gifts, "would like to become a creator")
    review = await (await town.sam.click(notice, "Review applications")).message()
    form = await (await town.sam.click(review, "Decline")).modal()
    (field,) = form.fields
    decision = await (await town.sam.submit(form, **{field["custom_id"]: "not yet"})).message()
    news = await news_of(rig, town, town.noor)
    refusal = await (await town.noor.slash("creator apply")).message()

    assert str(town.noor.user.id) not in notice.text
    assert review.ephemeral_for == town.sam.user.id
    assert "You declined the application" in decision.text
    assert "declined your application" in news
    assert "not yet" in news
    assert "The staff declined your last application" in refusal.text


async def test_a_member_takes_an_application_back_and_nobody_else_decides(town: Town) -> None:
    await town.announce_in(town.gifts)
    await apply(town.noor, "songs")
    notice = await town.announced(town.gifts, "would like to become a creator")
    outsider = await (await town.mia.click(notice, "Review applications")).message()
    application = await (await town.noor.slash("creator apply")).message()
    goodbye = await (await town.noor.click(application, "Withdraw the application")).message()
    empty = await (await town.sam.click(notice, "Review applications")).message()

    assert "Only auditors or managers" in outsider.text
    assert "deleted your application" in goodbye.text
    assert "No applications are waiting" in empty.text


async def test_where_staff_take_no_applications_members_are_told(town: Town) -> None:
    panel = await (await town.sam.slash("settings")).message()
    panel = await (await town.sam.click(panel, "Creators")).message()
    page = await (await town.sam.click(panel, "Stop taking applications")).message()
    refusal = await (await town.noor.slash("creator apply")).message()

    assert "Nobody can apply" in page.text
    assert "isn't looking for new creators" in refusal.text


async def creators_page(person: Person) -> Message:
    """Open the page of the settings about creators."""
    settings = await (await person.slash("settings")).message()
    return await (await person.click(settings, "Creators")).message()


async def test_staff_become_creators_only_where_the_owner_allows_it(rig: Rig, town: Town) -> None:
    await make_manager(rig, town)
    command = await (await town.sam.slash("creators approve", member=town.sam.user)).message()
    application = await (await town.sam.slash("creator apply")).message()
    panel = await creators_page(town.olive)
    forged = part(panel, "settings-staff-creators")
    for person in (town.sam, town.mia):
        page = await creators_page(person)
        refusal = await person.press(panel, forged).message()

        assert "Only the owner of this server can change this." in page.text
        assert "settings-staff-creators" not in str(page.components)
        assert "Only the owner of this server can do this." in refusal.text
    still = await (await town.sam.slash("creators approve", member=town.sam.user)).message()
    await town.let_staff_create()
    await town.approve(town.sam)
    allowed = await creators_page(town.sam)

    for answer in (command, application, still):
        assert "staff can't be creators here. The owner of this server can allow it in" in answer.text
    assert "Staff can become creators, too." in allowed.text


async def test_whoever_joins_the_staff_after_applying_is_not_approved_unless_that_is_allowed(
    rig: Rig, town: Town
) -> None:
    await town.approve(town.kai)
    await apply(town.noor, "songs")
    moderator = next(role for role in town.guild.roles.values() if role.name == "Moderator")
    for person in (town.noor, town.kai):
        rig.world.set_roles(town.guild.members[person.user.id], [moderator])
    listed = await (await town.sam.slash("creators list")).message()
    review = await (await town.sam.click(listed, "Review applications")).message()
    refusal = await (await town.sam.click(review, "Approve")).message()
    warning = (await creators_page(town.sam)).text
    await town.let_staff_create()
    page = await creators_page(town.sam)
    approval = await (await town.sam.click(review, "Approve")).message()

    assert "is on the staff, and staff can't be creators here" in refusal.text
    assert f"Still creators, although they're on the staff: <@{town.kai.user.id}>" in warning
    assert "all the same" not in page.text
    assert f"<@{town.noor.user.id}> is a creator now" in approval.text


async def test_questions_that_grew_when_they_were_cleaned_can_be_changed(town: Town) -> None:
    # One character that becomes three: a letter with its marks.
    longest = "\ufb2c" * QUESTION_LENGTH
    panel = await (await town.sam.slash("settings")).message()
    panel = await (await town.sam.click(panel, "Creators")).message()
    form = await (await town.sam.click(panel, "Change the questions")).modal()
    page = await (await town.sam.submit(form, **{form.fields[0]["custom_id"]: longest})).message()

    again = await (await town.sam.click(page, "Change the questions")).modal()

    assert again.fields[0]["value"].startswith("\u05e9\u05bc\u05c1")
    assert again.fields[0]["value"].endswith("…")
