"""`/profile` over the wire: a picture with the same in words, or words alone, and the level in `/balance`."""

from tests.rig import Rig, Town


async def test_a_profile_is_a_picture_that_says_the_same_in_words(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 200)
    await town.give(town.mia, "Warm Heart", town.noor, count=15)

    profile = await (await town.leo.slash("profile", member=town.mia.user)).message()

    (file,) = profile.attachments
    assert file.filename == "profile.png"
    words = file.description or ""
    assert "Profile of Mia: Level 3 · 🪙\xa0129 to level 4 · 🪙\xa0150 Gifted · 🔥 1 Week in a row" in words
    assert "Badges: 🌱 1, 🌿 100 · Favourite creators: Noor 🪙\xa0150" in words
    assert profile.ephemeral_for is None
    assert f"<@{town.mia.user.id}>" in profile.text
    assert "Anonymous gifts don't count here" in profile.text
    assert "🏅 Level **3** · 🪙\xa0129 to level 4" in await town.balance(town.mia)


async def test_without_files_it_is_words_and_creators_show_what_they_earn(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    town.forbid_files()

    profile = await (await town.noor.slash("profile")).message()

    assert profile.attachments == []
    assert "🪙\xa010 to level 1" in profile.text
    assert "🔥 0 weeks in a row" in profile.text
    assert "What creators earn" in profile.text
    assert "50% of bought coins, 0% of promo coins" in profile.text


async def test_a_creator_who_left_is_nobodys_favourite_and_nobody_has_a_profile_who_left(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.kai)
    await town.grant(town.mia, 50)
    await town.give(town.mia, "Petal", town.kai)
    await town.give(town.leo, "Petal", town.noor)
    rig.world.leave(town.guild, town.noor.user)
    town.forbid_files()

    profile = await (await town.mia.slash("profile")).message()

    assert f"<@{town.kai.user.id}> 🪙\xa01" in profile.text
    gone = await (await town.mia.slash("profile", raw=True, member=town.noor.user)).message()
    assert "isn't in this server" in gone.text
