"""What a live event has come to, as overlays show it: sums that are exact, and who gives most."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from bot.domain.combos import EventGift
from bot.domain.live import LiveEvent, ReachedGoal
from bot.domain.live_progress import LiveProgress
from bot.domain.match import Match
from bot.domain.member_choices import NO_CHOICES, MemberChoices

TOP: Final = 3
"""How many of those who give most are shown."""
CANDIDATES: Final = 20
"""How many are asked whether they hide."""


class Leader(NamedTuple):
    """Somebody who gives most. `coins` is None where they hide how much."""

    member_id: int
    coins: int | None


class EventTally:
    """The sums of one live event up to the journal's row `seq`, without what was taken back up to row `clean_seq`.

    It is fed all gifts of the event from its start on, in order.
    """

    def __init__(
        self, event: LiveEvent, matches: Sequence[Match], reached: Iterable[ReachedGoal], clean_seq: int = 0
    ) -> None:
        self.progress = LiveProgress(event, matches, reached)
        self.matches = list(matches)
        self.seq = event.start_seq
        self.clean_seq = clean_seq
        self._givers: dict[int, tuple[int, int]] = {}

    @property
    def people(self) -> int:
        """How many members gave under their names. Nobody is counted for anonymous gifts."""
        return len(self._givers)

    def feed(self, gifts: Iterable[EventGift], seq: int) -> None:
        """Count the gifts up to row `seq`."""
        gifts = [gift for gift in gifts if gift.seq > self.progress.seq]
        self.progress.feed(gifts)
        for gift in gifts:
            if gift.sender is not None:
                coins, _ = self._givers.get(gift.sender, (0, 0))
                self._givers[gift.sender] = coins + gift.coins, gift.seq
        self.seq = seq

    def ranked(self, most: int) -> list[int]:
        """Return the holders who gave most, most first. Among equals, whoever reached that first."""
        order = sorted(self._givers, key=lambda holder: (-self._givers[holder][0], self._givers[holder][1], holder))
        return order[:most]

    def top(self, choices: Mapping[int, MemberChoices], members: Mapping[int, int]) -> list[Leader]:
        """Return those who give most, without members who hide. Both maps are by holder, for the first of `ranked`.

        A member who was erased has the id 0.
        """
        holders = [holder for holder in self.ranked(len(members)) if holder in members]
        leaders = [holder for holder in holders if not choices.get(holder, NO_CHOICES).is_hidden]
        return [
            Leader(members[holder], None if choices.get(holder, NO_CHOICES).hides_amounts else self._givers[holder][0])
            for holder in leaders[:TOP]
        ]
