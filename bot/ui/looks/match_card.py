"""The card of a match: an invitation with its answers, then the match, then its result."""

from collections.abc import Callable

from bot.domain.match import (
    FREEZE_MS,
    ROUND_MS,
    Answer,
    Invitation,
    Match,
    MatchCard,
    MatchResult,
    MatchState,
    result_of,
)
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.cross_links import invitation_buttons, leave_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def match_card(card: MatchCard, reader: Reader) -> Reply:
    """Return the card as it is now, with the buttons that still do something."""
    state, match_id = card.state, card.invitation.match_id
    if state is None:
        buttons = invitation_buttons(match_id, reader) if card.is_open else []
        return reply(_invitation(card, reader), buttons)
    if state.over_ms is None:
        return reply(_running(state.match, reader), [leave_button(match_id, reader)])
    return reply(_over(state, reader))


def match_result(result: MatchResult, name_of: Callable[[int], str], reader: Reader) -> str:
    """Return what a match came to, the winner first: "Noor won the match against Kai, 1,200 : 800".

    `name_of` says how members are called.
    """
    creator, opponent = name_of(result.creator_id), name_of(result.opponent_id)
    first, second = result.points
    if result.winner_id == result.opponent_id:
        creator, opponent, first, second = opponent, creator, second, first
    score = f"{reader.number(first)} : {reader.number(second)}"
    if not result.is_decided:
        return reader._(
            "The match between {creator} and {opponent} was called off.", creator=creator, opponent=opponent
        )
    if result.winner_id is None:
        return reader._("{creator} and {opponent} tied, {score}", creator=creator, opponent=opponent, score=score)
    return reader._("{winner} won the match against {loser}, {score}", winner=creator, loser=opponent, score=score)


def _invitation(card: MatchCard, reader: Reader) -> Card:
    invitation = card.invitation
    creator = mentions.member(invitation.creator_id, reader)
    opponent = mentions.member(invitation.opponent_id, reader)
    if not card.is_open:
        return Card.of(f"⚔️ {_closed(invitation.answer, creator, opponent, reader)}", theme.GREY)
    lines = [
        reader._(
            "{creator} invites {opponent} to a match: {rounds}.",
            creator=creator,
            opponent=opponent,
            rounds=_rounds(invitation, reader),
        ),
        reader._("The invitation expires {when}.", when=reader.when(invitation.expires_ms)),
    ]
    return Card(theme.AMBER, (Part("\n".join(lines)),), title=reader._("⚔️ Match invitation"))


def _closed(answer: Answer | None, creator: str, opponent: str, reader: Reader) -> str:
    """Return the outcome of an invitation that can't be answered any more."""
    if answer is Answer.DECLINED:
        return reader._("{opponent} declined {creator}'s invitation to a match.", opponent=opponent, creator=creator)
    if answer is Answer.ENDED:
        return reader._(
            "{creator} is no longer live, so the match with {opponent} won't happen.",
            creator=creator,
            opponent=opponent,
        )
    return reader._(
        "{creator}'s invitation to a match with {opponent} has expired.", creator=creator, opponent=opponent
    )


def _running(match: Match, reader: Reader) -> Card:
    parts = [
        reader._(
            "**{creator}** vs. **{opponent}**: {rounds}.",
            creator=mentions.member(match.creator_id, reader),
            opponent=mentions.member(match.opponent_id, reader),
            rounds=_rounds(match, reader),
        ),
        reader._("Every gift counts for the creator who gets it.") + " " + _clock(match, reader),
    ]
    if match.frozen:
        hidden = reader.n_(
            "🧊 The score is hidden in the last {n} second.",
            "🧊 The score is hidden in the last {n} seconds.",
            FREEZE_MS // 1000,
        )
        parts.append(hidden + " " + reader._("I still announce every gift."))
    return Card(theme.RED, (Part("\n".join(parts)),), title=reader._("⚔️ Match"))


def _clock(match: Match, reader: Reader) -> str:
    """Return when the match ends. The card stays as it is while the rounds of a longer match follow one another."""
    if match.rounds == 1:
        return reader._("The match ends {when}.", when=reader.when(match.ends_of(0)))
    return reader._("The board shows the score and the time left in each round.")


def _over(state: MatchState, reader: Reader) -> Card:
    text = match_result(result_of(state), lambda member_id: mentions.member(member_id, reader), reader)
    if not state.is_decided:
        text += " " + reader._("All gifts still count.")
    return Card.of(f"⚔️ {text}", theme.GREY)


def _rounds(match: Match | Invitation, reader: Reader) -> str:
    minutes = ROUND_MS // 60_000
    if match.rounds == 1:
        return reader.n_("one round of {n} minute", "one round of {n} minutes", minutes)
    return reader.n_("best of three, {n} minute a round", "best of three, {n} minutes a round", minutes)
