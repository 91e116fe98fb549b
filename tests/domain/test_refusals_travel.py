"""Refusals cross from one process to another, and arrive as they were."""

import pickle
from dataclasses import fields
from typing import Any

import pytest

from bot.domain import buying_errors, errors, reversal_errors
from bot.domain.errors import Refusal

KINDS = [
    kind
    for kind in (vars(errors) | vars(buying_errors) | vars(reversal_errors)).values()
    if isinstance(kind, type) and issubclass(kind, Refusal)
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_refusal_arrives_with_its_facts(kind: type[Refusal]):
    facts: Any = range(len(fields(kind)))
    refusal = kind(*facts)

    copy = pickle.loads(pickle.dumps(refusal))

    assert type(copy) is kind
    assert copy == refusal
    assert str(copy) == str(refusal)
