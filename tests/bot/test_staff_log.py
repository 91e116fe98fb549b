"""The staff log over the wire: a channel gets each act of staff and an hourly summary, and the settings a list."""

from datetime import UTC, datetime

from sandbox.discord.model import Message
from sandbox.discord.permissions import Permissions
from tests import books
from tests.bot.picking import pressable
from tests.bot.test_cases import staff
from tests.bot.test_leaving_acts import fill_in
from tests.bot.test_staff_roles import make_manager
from tests.rig import Rig, Town, until


async def log_page(town: Town) -> Message:
    """Open the page of the settings."""
    panel = await (await town.sam.slash("settings")).message()
    return await (await town.sam.click(panel, "Staff log")).message()


async def choose_channel(town: Town) -> Message:
    page = await log_page(town)
    select = next(part for part in pressable(page) if part["type"] == 8)
    return await (await town.sam.select(page, select["custom_id"], town.gifts)).message()


async def change_shares(town: Town, percent: str) -> None:
    await fill_in(town, await (await town.sam.slash("settings")).message(), "💎", percent, "0")


async def test_the_channel_gets_each_act_and_the_settings_list_them(rig: Rig, town: Town) -> None:
    page = await choose_channel(town)
    await change_shares(town, "60")
    change = await town.announced(town.gifts, "50% → **60%**")
    await town.grant(town.mia, 100)
    grant = await town.announced(town.gifts, "100 coins")
    page_text = (await log_page(town)).text

    assert f"<#{town.gifts.id}>" in page.text
    assert f"<@{town.sam.user.id}>" in change.text
    assert change.flags & 1 << 12
    assert not change.mentions
    assert f"<@{town.mia.user.id}>" in grant.text
    assert "a test" in grant.text
    assert "50% → **60%**" in page_text
    assert page_text.index("100 coins") < page_text.index("50% → **60%**") < page_text.index("Staff log channel: none")


async def test_an_hour_is_summed_up_without_the_senders_of_anonymous_gifts(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.grant(town.leo, 100)
    await choose_channel(town)
    await town.give(town.mia, "Spark", town.noor)
    await town.give(town.leo, "Spark", town.noor, anonymous=True)
    books.change(
        rig.database,
        f"UPDATE deadlines SET at_ms = 1 WHERE kind = 'staff_digest' AND guild_id = {town.guild.id}",
    )
    summary = await town.announced(town.gifts, "2 gifts")
    (file,) = summary.attachments
    next_ms = "SELECT at_ms FROM deadlines WHERE kind = 'staff_digest' AND guild_id = ?"

    async def is_due_next_hour() -> bool:
        at_ms = books.only_value(rig.database, next_ms, town.guild.id)
        return at_ms > datetime.now(UTC).timestamp() * 1_000 and at_ms % 3_600_000 == 0

    await until(is_due_next_hour)
    rows = file.data.decode()
    assert str(town.mia.user.id) in rows
    assert str(town.leo.user.id) not in rows


async def test_what_a_channel_refused_comes_once_it_accepts_messages_again(rig: Rig, town: Town) -> None:
    await choose_channel(town)
    await town.announced(town.gifts, "Staff log channel")
    rig.world.set_permissions(town.gifts, rig.world.bot_user, deny=int(Permissions.SEND_MESSAGES))
    await change_shares(town, "70")
    await town.announced(town.general, "refuses my messages")
    rig.world.set_permissions(town.gifts, rig.world.bot_user)

    assert "→ **70%**" in (await town.announced(town.gifts, "→ **70%**")).text


async def test_a_manager_reads_the_log_and_cannot_switch_it_off(rig: Rig, town: Town) -> None:
    await make_manager(rig, town)
    panel = await (await town.mia.slash("settings")).message()
    page = await (await town.mia.click(panel, "Staff log")).message()

    assert "Managers" in page.text
    assert "settings-log-channel" not in str(page.components)


async def test_an_auditor_reads_the_log_and_changes_nothing(rig: Rig, town: Town) -> None:
    await change_shares(town, "60")
    auditor = await staff(rig, town, "auditor")
    log = await (await auditor.slash("settings", raw=True)).message()

    assert "50% → **60%**" in log.text
    assert [item["label"] for item in pressable(log) if "label" in item] == []
