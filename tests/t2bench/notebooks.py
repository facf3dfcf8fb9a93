"""Running the cells of a notebook, each in turn in one kernel."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def run_cells(cells: Sequence[str], folder: Path) -> list[str]:
    """What each cell printed. Raises nbclient's CellExecutionError for one that fails."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    run_notebook(notebook, folder)
    return [
        "".join(output.get("text", "") for output in cell.outputs if output.get("name") == "stdout")
        for cell in notebook.cells
    ]


def run_notebook(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Run the notebook's code in ``folder``; its cells have their outputs then."""
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute(env={**os.environ, "IPYTHONDIR": str(folder / ".ipython")})
