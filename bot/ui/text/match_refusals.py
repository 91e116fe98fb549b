"""Why something about a match is refused."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import match_errors as match
from bot.domain.errors import Refusal
from bot.ui.text.reader import Reader

MATCHES: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    match.MatchRuns: lambda e, r: r._(
        "A match is already on. It ends {when} at the latest. Start the next one after that.", when=r.when(e.ends_ms)
    ),
    match.NoBuyingInMatch: lambda e, r: r._(
        "I don't sell coins inside a match, so that nobody buys in a rush. It ends {when} at the latest.",
        when=r.when(e.ends_ms),
    ),
    match.ScoreHidden: lambda e, r: r._(
        "This would give away the hidden score of a match. You can see it again {when}.", when=r.when(e.ends_ms)
    ),
    match.NoMatch: lambda e, r: r._("This match is already over. `/live status` shows what's on."),
    match.QuietOpponent: lambda e, r: r._(
        "<@{member}> doesn't want to be in matches. Invite another creator.", member=e.member_id
    ),
    match.MatchWithSelf: lambda e, r: r._("A match takes two. Pick another creator."),
    match.NotInvited: lambda e, r: r._("Only <@{member}> can answer this invitation.", member=e.member_id),
    match.InvitationOver: lambda e, r: r._("This invitation is over. Send a new one with `/live match`."),
}
