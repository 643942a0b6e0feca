"""Every notebook runs from top to bottom, and is stored without outputs.

They run in two kernels, one after the other in each, with names of their own: the imports and what
series share are paid for once a kernel. With ``FORECASTS_QUICK`` nothing is compiled, and an answer
that two notebooks both ask for is made once.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").rglob("*.ipynb"))
KERNELS = 2
#: Names of one notebook are forgotten before the next; its charts are another page.
FORGET = """
%reset -sf
import os as _os, tempfile as _tempfile
_os.chdir(_tempfile.mkdtemp())
import forecasts.offline as _offline
_offline.forget()
"""


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Give a function from a notebook's path to the notebook with its outputs, or its error."""
    folder = tmp_path_factory.mktemp("notebooks")
    free = SimpleQueue()
    clients = [
        NotebookClient(
            nbformat.v4.new_notebook(),
            timeout=600,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
        )
        for _ in range(min(KERNELS, len(NOTEBOOKS)))
    ]

    def run(path):
        client = free.get()
        try:
            return _execute(client, nbformat.read(path, as_version=4))
        finally:
            free.put(client)

    environment = os.environ | {
        "FORECASTS_QUICK": "1",
        "OMP_NUM_THREADS": "1",
        "TMPDIR": str(folder),
    }
    try:
        for client in clients:
            client.create_kernel_manager()
            client.start_new_kernel(env=environment)
            client.start_new_kernel_client()
            free.put(client)
        with ThreadPoolExecutor(len(clients)) as pool:
            futures = {path: pool.submit(run, path) for path in NOTEBOOKS}
            yield lambda path: futures[path].result()
            pool.shutdown(cancel_futures=True)
    finally:
        for client in clients:
            client._cleanup_kernel()


def _execute(client, notebook):
    """Run a notebook in a kernel that has run others."""
    notebook.cells.insert(0, nbformat.v4.new_code_cell(FORGET))
    client.nb = notebook
    client.reset_execution_trackers()
    for number, cell in enumerate(notebook.cells):
        client.execute_cell(cell, number)
    return notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path, executed):
    cells = executed(path).cells

    assert any("display_data" in str(cell) or "execute_result" in str(cell) for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_stored_without_outputs(path):
    cells = nbformat.read(path, as_version=4).cells

    assert all(not c.outputs and c.execution_count is None for c in cells if c.cell_type == "code")
