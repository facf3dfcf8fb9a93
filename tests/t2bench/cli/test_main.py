"""The command as a whole: verbs in groups, an example each, imports of one verb alone, one line for bad input."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest

from t2bench.cli.main import EXAMPLES, GROUPS, VERBS, command_parser, main


def test_help_shows_every_verb_once_in_its_group() -> None:
    text = command_parser().format_help()
    places = [text.index(f"\n  {title}:\n") for title in GROUPS]
    assert places == sorted(places)
    for (_, verbs), start, end in zip(GROUPS.items(), places, [*places[1:], len(text)], strict=True):
        for verb in verbs:
            assert f"\n    {verb} " in text[start:end]


@pytest.mark.parametrize("verb", VERBS)
def test_an_example_of_each_verb_stands_in_its_help_and_is_one(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([verb, "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.rstrip().endswith(f"Example: {EXAMPLES[verb]}")
    program, *arguments = shlex.split(EXAMPLES[verb].partition(" > ")[0])
    assert program == "t2bench"
    assert command_parser().parse_args(arguments).run is not None


def test_a_verb_imports_no_other_verb_and_nothing_heavy() -> None:
    code = (
        "import sys; from t2bench.cli.main import command_parser; command_parser('report'); "
        "print(*sorted(name for name in sys.modules if name.startswith('t2bench.cli.'))); "
        "print({'numpy', 'pandas', 'numba', 'torch', 'matplotlib', 'sqlalchemy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["t2bench.cli.main t2bench.cli.report", "set()"]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (["slove"], "t2bench: verb: 'slove'; did you mean 'solve'? must be one of families, sample, "),
        (["dance"], "t2bench: verb: 'dance'; must be one of families, sample, "),
    ],
)
def test_an_unknown_verb_is_one_line_with_the_nearest_first(
    given: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(line)


def test_no_verb_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([])
    assert end.value.code == 2
    assert capsys.readouterr().err == "t2bench: the following arguments are required: VERB (see t2bench --help)\n"


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("t2bench 0.")
