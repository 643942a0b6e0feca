"""Progress of long work: what, how many of how many, time left; on a terminal and in JupyterLab."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

from forecasts.comparison import Progress


@contextmanager
def shown(total: int, *, quiet: bool = False) -> Iterator[Progress]:
    """Give a function that reports steps of `total` units of work on standard error.

    Parameters
    ----------
    total : int
        Number of units (series); each may report steps of its own.
    quiet : bool
        Report nothing.

    Yields
    ------
    callable
        Takes what is being done, how many steps of this unit are done, and of how many. A unit is
        over when all its steps are done.
    """
    if quiet:
        yield lambda text, done, steps: None
        return
    if (line := _in_notebook(total)) is not None:
        try:
            yield line
        finally:
            line.close()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        # A name is shown as it is, whatever brackets it holds.
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        finished = 0

        def report(text: str, done: int, steps: int) -> None:
            nonlocal finished
            reached, end = finished * steps + done, total * steps
            bar.update(task, description=text, total=end, completed=reached)
            if not console.is_terminal:
                console.print(f"{text} ({reached} of {end})", markup=False)
            if done == steps:
                finished += 1

        yield report


class _NotebookBar:
    """A line of a notebook that says what is being done and how far it has come."""

    def __init__(self, total: int) -> None:
        from IPython.display import HTML, display

        self._html, self._total, self._finished = HTML, total, 0
        self._line = display(HTML(""), display_id=True)

    def __call__(self, text: str, done: int, steps: int) -> None:
        reached, end = self._finished * steps + done, self._total * steps
        bar = f'<progress value="{reached}" max="{end}"></progress>'
        self._line.update(self._html(f"{bar} {escape(text)} ({reached} of {end})"))
        self._finished += done == steps

    def close(self) -> None:
        """Leave nothing behind."""
        self._line.update(self._html(""))


def _in_notebook(total: int) -> _NotebookBar | None:
    """Give a bar where there is a kernel that shows HTML."""
    import sys

    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return _NotebookBar(total) if hasattr(shell, "kernel") else None
