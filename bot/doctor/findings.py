"""What doctor says: one line for each thing it looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a thing is. The value is its mark on the page."""

    GOOD = "✓"
    NOTE = "–"
    """Works, and is worth knowing."""
    FAULT = "✗"
    """Doesn't work, or puts money or secrets at risk."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about `topic`. `advice` is what to do, empty if there is nothing."""

    verdict: Verdict
    topic: str
    text: str
    advice: str = ""


def good(topic: str, text: str) -> Finding:
    """Return a finding about what is well."""
    return Finding(Verdict.GOOD, topic, text)


def note(topic: str, text: str, advice: str = "") -> Finding:
    """Return a finding that is worth knowing."""
    return Finding(Verdict.NOTE, topic, text, advice)


def fault(topic: str, text: str, advice: str) -> Finding:
    """Return a finding about what has to be mended."""
    return Finding(Verdict.FAULT, topic, text, advice)


def page(findings: Iterable[Finding]) -> str:
    """Return the findings as one page of text, with a verdict at its end."""
    lines: list[str] = []
    faults = 0
    for finding in findings:
        faults += finding.verdict is Verdict.FAULT
        lines.append(f"{finding.verdict} {finding.topic}: {finding.text}")
        if finding.advice:
            lines.append(f"    → {finding.advice}")
    lines += ["", _verdict(faults)]
    return "\n".join(lines)


def _verdict(faults: int) -> str:
    if not faults:
        return "Nothing is wrong."
    return "1 thing is wrong." if faults == 1 else f"{faults} things are wrong."
