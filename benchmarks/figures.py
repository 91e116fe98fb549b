"""Measured figures and their output: a table for people, JSON for machines."""

import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value beside its anchor. `bar` is a limit on `ratio`; `holds` is None for a figure without a bar."""

    measure: str
    value: float
    unit: str
    anchor: float | None = None
    ratio: float | None = None
    bar: str = ""
    holds: bool | None = None


def at_least(measure: str, value: float, unit: str, anchor: float, bar: float) -> Figure:
    """Return a figure whose bar is at least `bar` times its anchor."""
    ratio = value / anchor
    return Figure(measure, value, unit, anchor, ratio, f">= {bar:g} x", ratio >= bar)


def at_most(measure: str, value: float, unit: str, anchor: float, bar: float) -> Figure:
    """Return a figure whose bar is at most `bar` times its anchor."""
    ratio = value / anchor
    return Figure(measure, value, unit, anchor, ratio, f"<= {bar:g} x", ratio <= bar)


def below(measure: str, value: float, unit: str, bar: float) -> Figure:
    """Return a figure whose bar is at most `bar`, in the figure's own unit."""
    return Figure(measure, value, unit, None, None, f"<= {bar:g} {unit}", value <= bar)


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that `percent` of `values` do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table of fixed width."""
    lines = [f"{'measure':<58} {'value':>10} {'unit':<6} {'anchor':>10} {'ratio':>7}  {'bar':<10} holds"]
    for figure in figures:
        anchor = "" if figure.anchor is None else f"{figure.anchor:,.2f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        holds = {True: "yes", False: "NO", None: ""}[figure.holds]
        lines.append(
            f"{figure.measure:<58} {figure.value:>10,.2f} {figure.unit:<6} {anchor:>10} {ratio:>7}  "
            f"{figure.bar:<10} {holds}"
        )
    return "\n".join(lines)


def save(figures: Sequence[Figure], file: Path) -> None:
    """Write the figures as a JSON list of objects."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n", encoding="utf-8")


def say(text: str) -> None:
    """Report progress on stderr; the figures go to stdout."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
