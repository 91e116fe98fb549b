"""What the buttons and menus of challenges carry."""

from typing import NamedTuple


class ChallengeIds(NamedTuple):
    """A challenge, or a draft of one."""

    challenge: int


class FormIds(NamedTuple):
    """A draft, and the number of a form."""

    challenge: int
    form: int


class PrizeMenuIds(NamedTuple):
    """The draft whose prizes these are."""

    challenge: int


class PrizeIds(NamedTuple):
    """A prize of a draft, by its number from 0."""

    challenge: int
    prize: int
