"""Tables in Markdown, LaTeX and CSV: whatever a text holds, it stays text in its cell."""

from __future__ import annotations

import io
import re

import pandas as pd
import pytest

from reports.study.study import study_of
from reports.study.summary import ALL
from reports.writing.table import Column, Table, csv_text, escape_latex, latex, markdown

NASTY = '100% of $x_1 & #2 {a} \\input{b} ~^ <c> | "q" `t` --'


def table(text: str) -> Table:
    columns = (Column("solver", lambda r: r.label, "label"), Column("gap, %", lambda r: r.gap, "number"))
    columns += (Column("command", lambda r: r.command, "code"),)
    data = pd.DataFrame({"label": [text, "b"], "gap": ["1.00 to 2.00", "–"], "command": [f"run {text}", ""]})
    return Table("t", "A title & more", "50 % of it.", data, columns)


def test_every_row_has_every_column_between_rules() -> None:
    lines = latex(table("a")).splitlines()
    assert lines[0] == r"\begin{longtable}{@{}lrl@{}}"
    assert lines[1] == r"\caption{A title \& more. 50 \% of it.}\\"
    assert lines[3] == r"solver & gap, \% & command \\"
    assert lines[-3:] == [r"a & 1.00 to 2.00 & \texttt{run a} \\", r"b & – &  \\", r"\end{longtable}"]
    for rule in (r"\toprule", r"\midrule", r"\bottomrule"):
        assert lines.count(rule) == 1


def test_nothing_in_a_text_is_a_command() -> None:
    escaped = escape_latex(NASTY)
    assert set(re.findall(r"\\([a-z]+)", escaped)) == {
        *("textbackslash", "textasciitilde", "textasciicircum", "textless", "textgreater", "textbar"),
        *("textquotedbl", "textasciigrave"),
    }
    without = re.sub(r"\\[a-z]+\{\}|\\[&%$#_{}]", "", escaped)
    assert not set('&%$#_\\~^<>|"`') & set(without)
    assert "--" not in escaped
    for row in latex(table(NASTY)).splitlines()[8:-1]:
        assert len(re.findall(r"(?<!\\)&", row)) == 2


def test_a_text_stays_on_its_line_and_its_hard_spaces_stay_hard() -> None:
    assert escape_latex(" a\n b\t c\u00a0d ") == "a b c~d"
    assert latex(table("[x]")).splitlines()[8].startswith("{[x]} &")
    assert escape_latex("≥ 1²") == r"\ensuremath{\geq} 1\textsuperscript{2}"


def test_markdown_cells_stay_cells_whatever_they_hold() -> None:
    data = pd.DataFrame({"a": ["x|y", "<b>\n*c*"], "b": ["echo `a` | b", ""]})
    columns = (Column("a", lambda r: r.a), Column("b", lambda r: r.b, "code"))
    lines = markdown(Table("t", "t", "", data, columns)).splitlines()
    assert lines[2] == r"| x\|y | ``echo `a` \| b`` |"
    assert lines[3] == r"| \<b\> \*c\* |  |"


def test_csv_reads_back_to_the_same_numbers(busy: pd.DataFrame) -> None:
    summary = study_of(busy).summary
    again = pd.read_csv(io.StringIO(csv_text(summary)))
    assert again["gap_low"].tolist() == pytest.approx(summary["gap_low"].tolist(), rel=0, abs=0, nan_ok=True)
    assert set(again["scope"]) == {ALL, "tiny", "small", "drift"}
