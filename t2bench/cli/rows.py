"""``t2bench rows``: the rows of a store as a CSV or Parquet file."""

from __future__ import annotations

import argparse
from pathlib import Path

from t2bench.exit_codes import DONE


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "rows",
        help="write the rows of a store as CSV or Parquet",
        epilog="One row a cell with all its columns, those of its instance and its primal integral to the best known "
        "cost; solutions stay in the store.",
    )
    parser.add_argument("store", metavar="STORE", help="a SQLite file's path or an SQLAlchemy URL")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help=".csv, or .parquet (needs t2bench[parquet])"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the file and say how many rows it has."""
    from benchmarks.store.store import Store
    from reports.writing.rows_file import check_rows_file, write_rows

    check_rows_file(arguments.output)
    with Store.open(arguments.store) as store:
        print(f"{arguments.output}: {write_rows(store, arguments.output)} rows")
    return DONE
