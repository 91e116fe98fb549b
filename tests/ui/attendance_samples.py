"""Attendance of live events: the answers to those who hop on."""

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.attendance import AttendedShow, HopOn, HopOnOutcome
from bot.domain.grant_batches import GrantBatch
from bot.domain.grant_files import Problem, RowError
from bot.domain.grant_plans import Plan
from bot.domain.live import EventTotals, LiveEvent
from bot.domain.momentum import Train
from bot.domain.trains import Railway, TrainRecord
from bot.services.live_rules import LiveStatus
from bot.ui.kit.discord_limits import CHOICE_NAME
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.live_card import Scene, live_card
from bot.ui.looks.notices import reactions_notice
from bot.ui.text.reader import Reader
from cogs.coins.attendees import choice, nobody
from cogs.coins.batch_render import preview_of_show
from cogs.live.attending import hop_card
from tests.ui.facts import ID, NOW_MS, Facts


def attendance_replies(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield the answers to presses of *Hop on*."""
    for outcome in HopOnOutcome:
        yield reply(hop_card(HopOn(outcome, NOW_MS, f.count), r))
    show = LiveEvent(1, ID, ID, ID, f.title, None, NOW_MS, NOW_MS + 1)
    train = Train(1, NOW_MS, NOW_MS, 2, f.coins, total=f.coins)
    railway = Railway((train,), TrainRecord(ID, 1, 5, f.coins))
    for record in (railway.record, None):
        scene = Scene(train=train, railway=replace(railway, record=record))
        yield reply(live_card(LiveStatus(show, EventTotals(0, 0, 0)), r, scene))
    batch = GrantBatch(1, ID, f.count, f.coins, f.note, NOW_MS)
    errors = tuple(RowError(line, Problem.UNKNOWN, "") for line in range(f.rows))
    yield reply(preview_of_show(batch, show, Plan(((ID, f.coins),), errors), r))
    yield reply(nobody(r))
    yield reply(reactions_notice(ID, r))
    name = choice(AttendedShow(show, f.count), ZoneInfo("UTC"), r)
    assert len(name) <= CHOICE_NAME
