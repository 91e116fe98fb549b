"""All folds. Each has its check in `bot.storage.audit`."""

from bot.storage.folds.creators import sums
from bot.storage.folds.earnings import lines, spans
from bot.storage.folds.fold import Fold
from bot.storage.folds.gifters import sums as gifters
from bot.storage.folds.leaderboards import scores

FOLDS: tuple[Fold, ...] = (scores.FOLD, lines.FOLD, sums.FOLD, gifters.FOLD, spans.FOLD)
