"""Every notebook runs from top to bottom, and is stored without outputs.

All run in one kernel, one after the other, each with names of its own: the imports and what series
share are paid for once. With ``FORECASTS_QUICK`` nothing is compiled, and fits that two notebooks
both make are made once.
"""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").rglob("*.ipynb"))
#: Names of one notebook are forgotten before the next; its charts are another page.
FORGET = """
%reset -sf
import os as _os, tempfile as _tempfile
_os.chdir(_tempfile.mkdtemp())
import forecasts.offline as _offline
_offline.forget()
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A client whose kernel stays."""
    notebook = nbformat.v4.new_notebook()
    folder = tmp_path_factory.mktemp("notebooks")
    client = NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": folder}}
    )
    with client.setup_kernel(env=os.environ | {"FORECASTS_QUICK": "1", "OMP_NUM_THREADS": "1"}):
        yield client


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path, kernel):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(FORGET))
    kernel.nb = notebook
    kernel.reset_execution_trackers()

    for number, cell in enumerate(notebook.cells):
        kernel.execute_cell(cell, number)

    assert any(
        "display_data" in str(cell) or "execute_result" in str(cell) for cell in notebook.cells
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_stored_without_outputs(path):
    cells = nbformat.read(path, as_version=4).cells

    assert all(not c.outputs and c.execution_count is None for c in cells if c.cell_type == "code")
