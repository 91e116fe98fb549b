"""Turns a file of members and amounts into a plan of who gets how much, with what Discord says about those it names."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from bot.domain.grant_files import GrantFile, Problem, RowError

MOST_NAMES: Final = 100
"""The most rows that name members: each name is one question to Discord, while a hundred ids are one."""


class Plan(NamedTuple):
    """Who gets how many coins, by member id, and which rows are left out."""

    shares: tuple[tuple[int, int], ...]
    errors: tuple[RowError, ...]


def plan(file: GrantFile, members: Mapping[int, bool], named: Mapping[str, Sequence[int]], *, giver_id: int) -> Plan:
    """Return who gets what. `members` are those of the guild among the ids, with whether they are bots; `named` are the
    members with each name."""
    errors, lines = [*file.errors], dict[int, int]()
    shares: list[tuple[int, int]] = []
    for line, who, coins in file.entries:
        candidates = [who] if isinstance(who, int) else named.get(who, ())
        member_id = candidates[0] if len(candidates) == 1 else 0
        problem, number = _objection(member_id, candidates, members, lines, giver_id)
        if problem is not None:
            errors.append(RowError(line, problem, str(who), number))
            continue
        lines[member_id] = line
        shares.append((member_id, coins))
    return Plan(tuple(shares), tuple(sorted(errors)))


def names_in(file: GrantFile) -> tuple[list[str], GrantFile]:
    """Return the names that can be looked up, and the file without the rows that name more."""
    names = dict.fromkeys(entry.who for entry in file.entries if isinstance(entry.who, str))
    allowed = {*[*names][:MOST_NAMES]}
    beyond = [entry for entry in file.entries if isinstance(entry.who, str) and entry.who not in allowed]
    errors = [RowError(entry.line, Problem.TOO_MANY_NAMES, str(entry.who), MOST_NAMES) for entry in beyond]
    kept_entries = tuple(entry for entry in file.entries if isinstance(entry.who, int) or entry.who in allowed)
    return [*names][:MOST_NAMES], GrantFile(kept_entries, (*file.errors, *errors))


def _objection(
    member_id: int, candidates: Sequence[int], members: Mapping[int, bool], lines: Mapping[int, int], giver_id: int
) -> tuple[Problem | None, int]:
    if len(candidates) > 1:
        return Problem.AMBIGUOUS, len(candidates)
    if member_id not in members:
        return Problem.UNKNOWN, 0
    if members[member_id]:
        return Problem.BOT, 0
    if member_id == giver_id:
        return Problem.ONESELF, 0
    if member_id in lines:
        return Problem.DUPLICATE, lines[member_id]
    return None, 0
