"""The plan of a gift storm, its choice of gifts, and how it classifies the bot's answers."""

from random import Random

import pytest

from sandbox.storm_answers import Answer
from sandbox.storm_plan import Counts, Plan, price_in, weights

PRICES = [1, 5, 99, 100, 999, 1_000, 4_999, 9_999, 44_999]


@pytest.mark.parametrize(
    ("name", "price"),
    [
        ("🌸 Petal · 1 coin", 1),
        ("🐉 Dragon · 9,999 coins", 9_999),
        ("🌠 Milky Way · 44\u202f999 pièces 🔒", 44_999),
        ("Route 66 · 10 coins", 10),
        ("🏵️ Rosette · 1,000 coins · ≈ $14.50 🔒", 1_000),
        ("A gift", 0),
    ],
)
def test_a_price_is_read_from_the_name_of_a_choice(name, price):
    assert price_in(name) == price


def test_a_storm_of_small_gifts_has_only_small_ones():
    chances = weights(PRICES, "small")

    assert sum(chances[:3]) == pytest.approx(1)


@pytest.mark.parametrize(("mix", "rare"), [("mixed", 7), ("legendary", 8)])
def test_large_gifts_are_rare_and_legendary_ones_come_only_when_asked_for(mix, rare):
    chances = weights(PRICES, mix)

    assert sum(chances) == pytest.approx(1)
    assert chances[0] > 10 * chances[5] > 0
    assert (chances[rare] > 0) == (mix == "legendary")


def test_a_catalogue_without_small_gifts_is_given_all_the_same():
    assert weights([10_000, 20_000], "small") == [0.5, 0.5]


@pytest.mark.parametrize("bounds", [{"rate": 0}, {"rate": 501}, {"seconds": 0}, {"givers": 501}, {"mix": "huge"}])
def test_a_storm_has_its_bounds(bounds):
    with pytest.raises(ValueError, match=next(iter(bounds))):
        Plan(**bounds)


def test_percentiles_are_those_of_the_answers():
    counts = Counts(total=100)
    counts.began(0.0)
    random = Random(1)
    waits = list(range(100))
    random.shuffle(waits)
    for wait in waits:
        counts.note("answered", wait / 1_000)

    report = counts.to_json(running=False, now=2.0)

    assert (report["answered"], report["rate"]) == (100, 50.0)
    assert (report["p50"], report["p99"], report["max"]) == (49, 98, 99)


def embed(*, title="", footer="", text="", button=None):
    """Return an answer as an embed, with a button below it."""
    return Answer(
        [{"title": title, "description": text, "footer": {"text": footer}}],
        [{"type": 1, "components": [button]}] if button else [],
    )


def layout(*, title="", footer="", text="", button=None):
    """Return an answer as a layout."""
    texts = [f"## {title}\n{text}" if title else text, *([f"-# {footer}"] if footer else [])]
    rows = [{"type": 1, "components": [button]}] if button else []
    return Answer([], [{"type": 17, "components": [*({"type": 10, "content": line} for line in texts), *rows]}])


@pytest.mark.parametrize("form", [embed, layout])
def test_a_question_is_answered_with_yes(form):
    send = {"type": 2, "style": 3, "label": "Send", "custom_id": "send"}
    cancel = {"type": 2, "style": 2, "label": "Cancel", "custom_id": "cancel"}

    assert form(title="Send 1 Phoenix?", button=send).yes is send
    assert form(title="Send 1 Phoenix?", button=cancel).yes is None
    assert form(title="Petal", button=send).yes is None


@pytest.mark.parametrize("form", [embed, layout])
def test_receipts_refusals_and_errors_are_told_apart(form):
    receipt = form(title="Petal ×3", text="-# ≈ $0.12\nYou have 7 coins left.", footer="Receipt #12")
    refusal = form(text="Receipt #12 has already been reversed.")
    error = form(title="Something went wrong", text="Show a moderator this number: `12`")

    assert [(answer.outcome, answer.receipt) for answer in (receipt, refusal, error)] == [
        ("answered", 12),
        ("refused", None),
        ("failed", None),
    ]
