"""Everything that members read about their choices and their data."""

from collections.abc import Iterator

from bot.domain.erasures import Erasure, Holdings
from bot.domain.member_choices import MemberChoices
from bot.services.personal_data import MemberData
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.privacy import data_file, render, views
from cogs.privacy.own_data import delete_button, export_button
from tests.ui.facts import ID, NOW_MS, Facts


def privacy(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield what `/privacy` shows."""
    for choices in (MemberChoices(), MemberChoices(True, NOW_MS, NOW_MS, NOW_MS, NOW_MS)):
        yield views.settings(ID, choices, r)
    document = data_file.document(MemberData(NOW_MS, {"orders": [{"locale": f.name}]}, []), ID, ID)
    yield reply(render.exported(document, f.coins, r))
    for holdings in (Holdings(), Holdings(f.coins, f.coins, f.coins, NOW_MS)):
        yield reply(render.question(holdings, r), [delete_button(ID, r), export_button(ID, r)])
    for until_ms in (None, NOW_MS):
        yield reply(render.deleted(Erasure(1, ID, NOW_MS, until_ms), r))
