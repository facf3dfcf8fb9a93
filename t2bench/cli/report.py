"""``t2bench report``: the page, the figures and the tables of a store."""

from __future__ import annotations

import argparse
from pathlib import Path

from t2bench.exit_codes import DONE


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser("report", help="write the page, figures and tables of a store")
    parser.add_argument("store", metavar="STORE", help="a SQLite file's path or an SQLAlchemy URL")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="where index.html is written")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the report and print the path of its page."""
    from benchmarks.store.store import Store
    from reports.report import write_report

    with Store.open(arguments.store) as store:
        print(write_report(store, arguments.output))
    return DONE
