"""/creator stats over the wire: what a creator was given, for them and for auditors, and as a file."""

from tests.rig import Town


async def test_a_creator_reads_when_what_and_from_whom(town: Town) -> None:
    await town.approve(town.noor)
    for giver in (town.mia, town.leo):
        await (await town.sam.slash("coins grant", member=giver.user, amount=100, reason="a test")).message()
    await town.give(town.mia, "Warm Heart", town.noor, count=4)
    await town.give(town.leo, "Petal", town.noor, count=2, anonymous=True)

    panel = await (await town.noor.slash("creator stats")).message()
    file = await (await town.noor.click(panel, "Download as CSV")).message()
    refusal = await (await town.mia.slash("creator stats", creator=town.noor.user)).message()
    of_another = await (await town.sam.slash("creator stats", creator=town.noor.user, period="All time")).message()
    earnings = await (await town.noor.slash("creator earnings")).message()
    no_statement = await (await town.noor.click(earnings, "Statements")).message()
    nothing = await (await town.leo.slash("creator stats", period="2020-01")).message()

    assert panel.ephemeral_for == town.noor.user.id
    described = panel.attachments[0].description or ""
    assert "Statistics: 📊 Gifts for " in described
    assert "42 Coins, 6 Gifts, 1 Gifter" in described
    assert "Anonymous gifts: 🪙\xa02 coins · 2 gifts" in panel.text
    assert f"🥇 <@{town.mia.user.id}> · 🪙\xa040" in panel.text
    assert str(town.leo.user.id) not in panel.text
    assert file.attachments[0].filename == "stats-30days.csv"
    assert "top fan" not in refusal.text.lower()
    assert f"<@{town.noor.user.id}>" in of_another.text
    assert "No gifts in this period." in nothing.text
    assert ["Apply with" in each.text for each in (nothing, panel)] == [True, False]
    assert "There's no statement yet." in no_statement.text
