"""Commands in texts can be pressed once Discord knows them."""

from bot.domain.guilds import OUR_CURRENCY
from bot.ui.text.commands import CommandMentions
from bot.ui.text.reader import reader_for
from cogs.help.render import choices


def commands(**ids: int) -> CommandMentions:
    """Return commands with Discord's ids."""
    mentions = CommandMentions()
    mentions.ids = {name.replace("_", " "): command_id for name, command_id in ids.items()}
    return mentions


def test_a_reader_writes_commands_as_mentions_in_every_language():
    for locale in ("en-US", "de"):
        reader = reader_for(locale, OUR_CURRENCY, commands(live_start=5))
        assert "</live start:5>" in reader._("Nobody is live here right now. Go live with `/live start`.")


def test_only_commands_that_discord_knows_become_mentions():
    text = "`/buy`, `/buy coins`, `buy`, /buy and `/gift`"

    assert commands(buy=1).written_in(text) == "</buy:1>, `/buy coins`, `buy`, /buy and `/gift`"


def test_commands_with_a_hyphen_become_mentions():
    text = "`/gift-team` and `/coins grant-many`"

    assert commands(**{"gift-team": 1, "coins grant-many": 2}).written_in(text) == (
        "</gift-team:1> and </coins grant-many:2>"
    )


def test_a_list_of_help_shows_commands_by_name_and_finds_them_by_it():
    reader = reader_for("en-US", OUR_CURRENCY, commands(profile=1234567890, privacy_settings=7))

    names = [choice.name for word in ("level", "/profile", "pings") for choice in choices(word, reader)]

    assert any("/profile" in name for name in names)
    assert any("/privacy settings" in name for name in names)
    assert not [name for name in names if "</" in name or ":123" in name]


def test_commands_are_known_to_a_reader_from_the_moment_they_are_registered():
    mentions = CommandMentions()
    reader = reader_for("en-US", OUR_CURRENCY, mentions)
    before = reader._("No gifts yet. Be the first with `/gift`.")
    mentions.ids = {"gift": 7}

    assert before.endswith("`/gift`.")
    assert reader._("No gifts yet. Be the first with `/gift`.").endswith("</gift:7>.")


def test_what_a_member_wrote_is_never_a_mention():
    reader = reader_for("en-US", OUR_CURRENCY, commands(gift=7))

    assert reader._("{member} now receives gifts", member="`/gift`").startswith("`/gift`")
