"""Everything that staff read before and after they take coins back."""

from collections.abc import Iterator

from discord import ui

from bot.domain.ledger.books import Decision
from bot.domain.ledger.grants_undo import UndoGrants
from bot.domain.perks import Perk, PerkKind, PerkWay
from bot.domain.receipts import Receipt
from bot.services.reversals import ReversalPreview
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.coins import batch_render, render
from cogs.coins.batches import UndoForm
from cogs.coins.reversal import ReverseForm
from tests.ui.facts import ID, NOW_MS, Facts


def undo_forms(f: Facts, r: Reader) -> list[ui.Modal]:
    """Return the forms that take a row or a batch back."""
    return [*(ReverseForm(preview, ID, r) for preview in _previews(f)), UndoForm(_undo(f), ID, ID, r)]


def undo_replies(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield the panels that ask where the reason is known, and the receipts."""
    for preview in _previews(f):
        yield reply(render.reversal_preview(preview._replace(decision=preview.decision._replace(note=f.note)), r))
        receipt = Receipt(1, ID, "reversal", NOW_MS, ID, ID, preview.decision.facts, f.note)
        yield reply(render.reversed_receipt(receipt, preview.receipt, r))
    undo = _undo(f)
    yield reply(batch_render.undo_preview(undo._replace(note=f.note), r))
    yield reply(batch_render.undone(Receipt(1, ID, UndoGrants.kind, NOW_MS, ID, ID, undo.facts, f.note), r))


def _previews(f: Facts) -> Iterator[ReversalPreview]:
    """Yield what reversing a gift, a grant and a purchase does, with all that can follow."""
    about = {
        "creator": ID, "name": f.name, "emoji": f.emoji, "count": f.count, "coins": f.coins, "anonymous": f.anonymous,
        "price_minor": f.coins, "currency": f.currency,
    }  # fmt: skip
    undone = {
        "of": ID, "part": 1, "coins": f.coins, "paid": f.coins, "promo": f.coins, "earnings": f.coins, "house": f.coins,
        "debt": f.coins, "creator_debt": f.coins, "payoff": 0,
    }  # fmt: skip
    perk = Perk(1, ID, f.name[:40], f.emoji, PerkKind.TEXT, PerkWay.COINS, f.coins, NOW_MS)
    for kind in ("gift", "grant", "order"):
        original = Receipt(1, ID, kind, NOW_MS, ID, ID, about, f.note)
        decision = Decision("reversal", ID, (), undone | {"of_kind": kind})
        yield ReversalPreview(original, decision, (perk,) * 5 if kind == "order" else ())


def _undo(f: Facts) -> Decision:
    sums = {"promo": f.coins, "house": f.coins, "debt": f.coins}
    return Decision(UndoGrants.kind, ID, (), {"of": ID, "members": f.count, "coins": f.coins, **sums})
