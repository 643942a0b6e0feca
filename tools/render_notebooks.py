"""Execute every notebook and write it as one HTML file that opens no connection.

Two kernels at a time; a failing cell fails the build and is named. Charts are still pictures that
the drawing library inside the page makes live (`forecasts.offline`).
"""

import argparse
import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from html import escape
from importlib.resources import files
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from forecasts.report.build import NOTEBOOKS_HERE, NOTEBOOKS_LINK

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "notebooks"
#: Seconds that one cell may take.
PATIENCE = 1200
#: What a page shows of an output, best first: a widget has no kernel here.
SHOWN = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain"]
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
{style}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
#: Charts have the colours of a light page, so the page stays light.
STYLE = """
main { max-width: 60rem; }
pre { overflow-x: auto; }
.jp-InputArea pre, div.input pre, .highlight { background: var(--panel); padding: .1rem .5rem; }
.prompt, .anchor-link, .jp-InputPrompt, .jp-OutputPrompt { display: none; }
table { border-collapse: collapse; font-size: .875rem; margin: .75rem 0; }
th, td { padding: .2rem .6rem; border: 0; border-bottom: 1px solid var(--grid); }
table, table.dataframe { border: 0; }
td, th { text-align: left; vertical-align: top; }
table.dataframe td, table.dataframe th { text-align: right; }
dt { margin-top: .4rem; color: var(--ink); font-size: 1rem; }
dd { margin-left: 1.5rem; }
.output, .jp-OutputArea-output { overflow-x: auto; margin: .5rem 0 1rem; }
.forecasts-chart { overflow-x: auto; }
details { margin: .75rem 0; }
"""


def main(arguments: list[str] | None = None) -> int:
    """Render what was asked for; return 1 if a cell failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all")
    parser.add_argument("--out", type=Path, default=ROOT / "reports" / "notebooks")
    parser.add_argument("--workers", type=int, default=2, help="kernels at a time (default: 2)")
    options = parser.parse_args(arguments)
    paths = options.notebooks or found()
    options.out.mkdir(parents=True, exist_ok=True)
    started, failed, titles = time.monotonic(), [], {}
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ThreadPoolExecutor(options.workers) as pool:
        waiting = {pool.submit(render, path, options.out): path for path in paths}
        for done, future in enumerate(as_completed(waiting), 1):
            path, error = waiting[future], None
            try:
                titles[path] = future.result()
            except (CellExecutionError, CellTimeoutError, DeadKernelError, Failed) as problem:
                error = str(problem)
                failed.append(path)
            spent = time.monotonic() - started
            said = "FAILED" if error else "done"
            print(f"{path.stem}: {said} ({done} of {len(paths)}, {spent:.0f} s)", flush=True)
            if error:
                print(error, file=sys.stderr, flush=True)
    if failed:
        print(f"failed: {', '.join(path.stem for path in failed)}", file=sys.stderr)
        return 1
    write_index({path: titles[path] for path in paths}, options.out)
    return 0


class Failed(Exception):
    """A cell that failed, by notebook and number."""


def found() -> list[Path]:
    """List the notebooks in the order of their names, the teaching ones last."""
    return [*sorted(SOURCES.glob("*.ipynb")), *sorted((SOURCES / "teaching").glob("*.ipynb"))]


def render(path: Path, out: Path) -> str:
    """Execute one notebook, write its page, and return its title."""
    notebook = execute(nbformat.read(path, as_version=4), path.stem)
    title = title_of(notebook, path.stem)
    page = PAGE.format(title=escape(title), style=style(), body=navigation() + body_of(notebook))
    (out / f"{path.stem}.html").write_text(page, encoding="utf-8")
    return title


def execute(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Run all cells in a kernel of their own, somewhere where files may be left behind."""
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=PATIENCE,
            kernel_name="python3",
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
        )
        try:
            return client.execute()
        except CellExecutionError as error:
            bad = [
                number
                for number, cell in enumerate(notebook.cells, 1)
                if any(o.output_type == "error" for o in cell.get("outputs", []))
            ]
            raise Failed(f"{name}, cell {bad[0] if bad else '?'}:\n{error}") from None


def title_of(notebook: nbformat.NotebookNode, name: str) -> str:
    """Return the first heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (line := re.search(r"^#+ (.+)", cell.source, re.M)):
            return line.group(1).strip()
    return name


def body_of(notebook: nbformat.NotebookNode) -> str:
    """Turn cells into HTML, without the library's own scripts and style sheets."""
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    config = Config({"NbConvertBase": {"display_data_priority": SHOWN}})
    # A widget's state is of no use without a kernel, and would bring its library along.
    notebook.metadata.pop("widgets", None)
    exporter = HTMLExporter(config=config, template_name="basic", exclude_input_prompt=True,
                            exclude_output_prompt=True, exclude_anchor_links=True)  # fmt: skip
    return exporter.from_notebook_node(notebook)[0]


def style() -> str:
    """Return the report's style sheet, the colours of code, and what notebooks add."""
    from pygments.formatters import HtmlFormatter

    sheet = (files("forecasts.report") / "static" / "report.css").read_text("utf-8")
    # Charts are drawn in the colours of a light page: the dark half is left out.
    sheet = re.sub(
        r"@media \(prefers-color-scheme: dark\) \{\s*:root \{.*?\}\s*\}", "", sheet, flags=re.S
    )
    return sheet + HtmlFormatter(style="default").get_style_defs(".highlight") + STYLE


def navigation() -> str:
    """Link back to the list."""
    return '<nav><a href="index.html">All notebooks</a></nav>\n'


def write_index(titles: dict[Path, str], out: Path) -> None:
    """List the pages, and link them from the report's index where there is one."""
    rows = [
        f'<li><a href="{escape(path.stem)}.html">{escape(title)}</a>'
        f"{' <small>teaching</small>' if path.parent.name == 'teaching' else ''}</li>"
        for path, title in titles.items()
    ]
    body = (
        '<nav><a href="../index.html">The report</a> · <a href="api.html">The Python functions</a>'
        f"</nav>\n<h1>Notebooks</h1>\n<ul>\n{chr(10).join(rows)}\n</ul>"
    )
    if not (out.parent / "index.html").is_file():
        body = body.replace('<a href="../index.html">The report</a> · ', "")
    page = PAGE.format(title="Notebooks", style=style(), body=body)
    (out / "index.html").write_text(page, encoding="utf-8")
    report = out.parent / "index.html"
    if report.is_file():
        text = report.read_text(encoding="utf-8")
        report.write_text(text.replace(NOTEBOOKS_HERE, NOTEBOOKS_LINK), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
