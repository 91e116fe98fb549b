"""Challenges: drafts and their pages, what is posted, what members see, and results."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from discord import ui

from bot.domain.challenges import DEFAULT_SOURCES, HOUR_MS, Award, Challenge, Prize, Source, SourceRule
from bot.services.challenge_places import ChallengeBoard, Fallen, League, Place, Progress, Winner
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.challenges import Seen, posted_card, results_card
from bot.ui.looks.notices import fallen_notice
from bot.ui.text.reader import Reader
from cogs.challenges import drafts, prizes, progress
from cogs.challenges.forms import FORMS
from cogs.challenges.ids import PrizeIds
from cogs.challenges.prizes import PrizeForm
from cogs.challenges.progress import Viewed
from tests.ui.facts import ID, NOW_MS, Facts

DAY = 24 * HOUR_MS


def challenge(f: Facts) -> Challenge:
    """Return a challenge with everything in it."""
    won = (
        Prize(places=1, coins=f.coins, role_id=ID, badge=f.emoji + f.name, words=f.note[:150]),
        Prize(places=3, points=f.count, badge=f.name[:32]),
        Prize(points=1, coins=f.coins),
    )
    return Challenge(
        1,
        ID,
        f.title[:60],
        f.note * 2,
        days=f.count,
        starts_ms=NOW_MS - DAY,
        double_from_ms=NOW_MS,
        double_hours=min(f.count, 72),
        prizes=won,
    )


def challenge_replies(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield every page."""
    caller = cast("Caller", SimpleNamespace(reader=r, channel_id=ID, guild=None, guild_id=1))
    full, bare = challenge(f), Challenge(1, ID, f.title[:60], sources={Source.COINS: SourceRule(1)})
    running = replace(full, posted_ms=NOW_MS - DAY, ends_ms=NOW_MS + DAY, channel_id=ID)
    for draft in (full, bare, replace(full, is_by_creator=True, starts_ms=None, sources={})):
        yield drafts.draft_page(caller, draft)
    yield drafts.draft_page(caller, running)
    yield prizes.prize_page_of(full, 0, r, None)
    yield reply(posted_card(running, r))
    fallen = Fallen((Award(0, ID, 0, 1, f.count),) * 2, ((ID, f.coins),))
    yield reply(fallen_notice(running, fallen, r))
    yield from map(reply, _seen(running, f, r))
    yield from map(reply, _results(running, f, r))


def _seen(running: Challenge, f: Facts, r: Reader) -> Iterator[Any]:
    league = League(0, [Place(ID - number, f.coins + 9 - number) for number in range(10)])
    sums = dict.fromkeys(Source, f.count)
    for is_by_creator in (False, True):
        shown = replace(running, is_by_creator=is_by_creator)
        creator_id = ID if is_by_creator else 0
        leagues = [replace(league, creator_id=creator_id)]
        for own in ([Progress(creator_id, f.coins, sums, sums)], []):
            board = ChallengeBoard(shown, leagues, own)
            for now_ms in (NOW_MS, NOW_MS - 2 * DAY, NOW_MS + 2 * DAY):
                yield progress.card(Viewed(board, leagues, ID - 9, Seen({ID, ID - 1}, {ID - 1}), now_ms), r)
    yield progress.card(
        Viewed(ChallengeBoard(replace(running, sources=DEFAULT_SOURCES), [], []), [], 7, Seen(()), NOW_MS), r
    )


def _results(running: Challenge, f: Facts, r: Reader) -> Iterator[Any]:
    leagues = [League(creator, [Place(ID, f.coins), Place(0, 1)]) for creator in (0, ID)]
    winners = [Winner(0, ID, 1, f.coins, (0, 1, 2)), Winner(0, ID - 1, 2, 1, (1,))]
    yield results_card(running, leagues, winners, Seen({ID}), r)
    yield results_card(running, [], [], Seen(()), r)


def challenge_forms(r: Reader) -> list[ui.Modal]:
    """Return every form."""

    def show(_caller: object, _draft: object) -> Reply:
        raise AssertionError

    draft = challenge(Facts())
    of_draft = [form(draft, "America/Argentina/ComodRivadavia", r, show) for _, form in FORMS]
    return [*of_draft, PrizeForm(PrizeIds(ID, 0), draft.prizes[0], r)]
