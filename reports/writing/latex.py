"""Text for LaTeX."""

from __future__ import annotations

import re

_LATEX = {letter: f"\\{letter}" for letter in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "\u00a0": "~",
    "≥": r"\ensuremath{\geq}",
    "≤": r"\ensuremath{\leq}",
    "≈": r"\ensuremath{\approx}",
    "∞": r"\ensuremath{\infty}",
    "²": r"\textsuperscript{2}",
    "†": r"\textdagger{}",
}
"""What LaTeX does not show as it stands."""


def escape_latex(text: str) -> str:
    """Text that LaTeX (T1 encoding, UTF-8) shows as it is, on one line; nothing in it is a command."""
    line = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip(" ")
    escaped = "".join(_LATEX.get(letter, letter) for letter in line)
    return re.sub("-(?=-)", "-{}", escaped)  # Two hyphens would be a dash.
