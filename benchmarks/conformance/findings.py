"""What the checks find: a verdict a case, and one a check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Finding:
    """How one case went."""

    case: str
    verdict: Literal["passed", "failed", "declined"]
    words: str = ""
    """What went wrong, or why the solver did not take the case."""
    traceback: str | None = None
    """Of the exception that the solver ended with."""


@dataclass(frozen=True)
class Result:
    """How one check went."""

    check: str
    findings: tuple[Finding, ...]
    note: str = ""
    """Why there is nothing to check, or what was cut short."""

    @property
    def verdict(self) -> Literal["passed", "failed", "declined", "not promised"]:
        """Failed if any case has; declined if the solver took no case; not promised if there was none to take."""
        verdicts = {finding.verdict for finding in self.findings}
        if "failed" in verdicts:
            return "failed"
        if "passed" in verdicts:
            return "passed"
        return "declined" if verdicts else "not promised"

    def having(self, verdict: str) -> list[Finding]:
        """The cases with a verdict."""
        return [finding for finding in self.findings if finding.verdict == verdict]

    def document(self) -> dict[str, Any]:
        """Everything as JSON values."""
        cases = {v: [{"case": f.case, "why": f.words} for f in self.having(v)] for v in ("failed", "declined")}
        passed = [finding.case for finding in self.having("passed")]
        return {"check": self.check, "verdict": self.verdict, "note": self.note, "passed": passed, **cases}
