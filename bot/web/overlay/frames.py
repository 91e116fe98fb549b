"""What is sent to the pages of overlays: values of the domain as JSON. Every text for people is plain text."""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import orjson

from bot.domain.live import LiveEvent
from bot.domain.match import MatchState
from bot.domain.overlay_gifts import Notes, OverlayGift, readable
from bot.domain.overlay_tallies import EventTally, Leader
from bot.domain.overlays import OverlayAction, OverlayControl, OverlayQueue, OverlayScope
from bot.domain.text import clean
from bot.domain.trains import stage_of
from bot.services.overlay_shows import Stage
from bot.ui.looks.people import shortlist
from bot.ui.text.reader import N_, Reader
from bot.web.overlay.people import Shown

TITLE = 80
"""Graphemes of a title."""
GIVERS = 3
"""Members named who pooled for a gift."""
_COINS = N_("coins")

Values = dict[str, Any]


class Reason(StrEnum):
    """Why something was not done that controls have asked for. The page has a sentence for each."""

    CREATOR = "creator"
    """Whose overlay it is, is no creator any more."""
    LATER = "later"
    """The books take nothing now, or the page asks too often."""


def encoded(values: Values) -> bytes:
    """Return a message as it is sent."""
    return orjson.dumps(values)


def gift_values(
    gift: OverlayGift, people: Mapping[int, Shown], art: str | None, note: Values, reader: Reader
) -> Values:
    """Return a gift. An anonymous sender has no name. `note` is what `note_values` returned."""
    return {
        "seq": gift.seq,
        "at_ms": gift.at_ms,
        "sender": _sender(gift, people, reader),
        "to": reader.listed([people[creator_id].name for creator_id in gift.creator_ids]),
        "gift": {"id": gift.item_id, "name": gift.name, "art": art},
        "count": gift.pieces,
        "coins": gift.coins,
        "tier": gift.tier.value,
        "combo": gift.combo,
        "test": gift.is_test,
        **note,
    }


def note_values(gift: OverlayGift, notes: Notes, people: Mapping[int, Shown], scope: OverlayScope) -> Values:
    """Return the message of a gift. One that waits for approval is for the controls alone."""
    text, waits = notes.of(gift)
    if not text or (waits and scope is OverlayScope.VIEW):
        return {"note": None}
    plain = readable(text, {member_id: person.name for member_id, person in people.items()})
    return {"note": plain or None, **({"held": True} if waits else {})}


def stage_values(
    stage: Stage | None,
    tally: EventTally | None,
    leaders: Sequence[Leader],
    people: Mapping[int, Shown],
    now_ms: int,
) -> Values:
    """Return how a live event goes: who and until when, its sums, who gives most, its gift train and its match."""
    if stage is None or tally is None:
        sums = {"coins": 0, "gifts": 0, "people": 0}
        return {"sum": sums, "live": None, "top": [], "train": None, "match": None}
    progress = tally.progress
    state = progress.matches[-1].at(now_ms) if progress.matches else None
    return {
        "sum": {"coins": progress.coins, "gifts": progress.pieces, "people": tally.people},
        "live": _live(stage, tally, people),
        "top": [
            {"name": people[leader.member_id].name, "coins": leader.coins, "face": people[leader.member_id].face}
            for leader in leaders
        ],
        "train": _train(stage, tally, now_ms),
        "match": _match(state, people) if state is not None else None,
    }


def people_on(stage: Stage | None, leaders: Sequence[Leader]) -> set[int]:
    """Return the members whom `stage_values` names."""
    if stage is None:
        return set()
    players = {member_id for match in stage.matches for member_id in (match.creator_id, match.opponent_id)}
    return {*stage.creator_ids, *players, *(leader.member_id for leader in leaders)}


def voice_values(reader: Reader) -> Values:
    """Return the language, and what coins are called."""
    name = reader.currency.name or reader._(_COINS)
    return {"lang": reader.locale.language, "currency": {"name": name, "emoji": reader.coin_emoji(plain=True)}}


def queue_values(queue: OverlayQueue) -> Values:
    """Return how an overlay stands."""
    return {"paused": queue.paused, "muted": queue.muted}


def control_values(control: OverlayControl) -> Values:
    """Return what a page is to do."""
    return {"do": control.action.value, "seq": control.seq, "nr": control.nr}


def refusal_values(action: OverlayAction, reason: Reason) -> Values:
    """Return what controls are told that something was not done."""
    return {"refused": action.value, "because": reason.value}


def _sender(gift: OverlayGift, people: Mapping[int, Shown], reader: Reader) -> Values:
    if gift.givers:
        names = [people[member_id].name for member_id in gift.givers]
        return {"name": shortlist(names, GIVERS, reader), "face": None}
    if gift.sender_id is None:
        return {"name": None, "face": None}
    return people[gift.sender_id]._asdict()


def _live(stage: Stage, tally: EventTally, people: Mapping[int, Shown]) -> Values:
    event, goal = stage.event, stage.event.goal
    return {
        "id": str(event.event_id),
        "title": clean(event.title, TITLE),
        "creators": [
            {"id": _nickname(event, creator_id), "name": people[creator_id].name} for creator_id in stage.creator_ids
        ],
        "ends_ms": event.ends_ms if event.paused_ms is None else None,
        "goal": None if goal is None else {"amount": goal, "sum": tally.progress.coins},
    }


def _nickname(event: LiveEvent, creator_id: int) -> str:
    """Return what tells the creators of an event apart, and says no more."""
    return "h" + hashlib.sha256(f"{event.event_id}:{creator_id}".encode()).hexdigest()[:12]


def _train(stage: Stage, tally: EventTally, now_ms: int) -> Values | None:
    train = tally.progress.momentum.at(now_ms)
    if train is None or train.ended_ms is not None:
        return None
    reached = stage_of(stage.railway.coins(train))
    return {"level": reached.level, "ends_ms": train.level_ends_ms, "coins": reached.coins, "goal": reached.goal}


def _match(state: MatchState, people: Mapping[int, Shown]) -> Values | None:
    if state.over_ms is not None:
        return None
    match, score = state.match, state.scores[-1]
    sides = ((match.creator_id, score.creator), (match.opponent_id, score.opponent))
    return {
        # Nobody is to aim the last gift, so not even the score until now is shown.
        "sides": [{"name": people[each].name, "score": None if state.frozen else coins} for each, coins in sides],
        "ends_ms": match.ends_of(len(state.scores) - 1),
        "hidden": state.frozen,
        "round": len(state.scores),
        "rounds": match.rounds,
        "won": [*state.won],
    }
