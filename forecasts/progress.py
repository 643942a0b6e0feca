"""Progress of long work: what, how many of how many, time left; on a terminal and in JupyterLab."""

from collections.abc import Iterator
from contextlib import contextmanager

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
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
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
