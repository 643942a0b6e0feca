"""A live widget in JupyterLab: move the as-of date, and see what would have been said then.

A refit gives way between two shapes, so that a newer wish replaces it. ``tests/test_explore.py``
holds that no picture looks at rows after its date.
"""

import asyncio
import datetime
import os
from collections.abc import Sequence
from html import escape
from typing import Any

from forecasts import words
from forecasts.camps import CAMPS, NEUTRAL
from forecasts.errors import ForecastsError, InputError
from forecasts.explored import Cells, sensible_dates
from forecasts.models import SHAPES
from forecasts.plateau import KAPPA, SLOWED
from forecasts.series import Series

#: Shapes ticked at first: those that take weight in the average.
FIRST = ("piecewise", "logistic", "gompertz", "bend")
HORIZONS = (10, 20, 30, 50)
#: Seconds that a wish must last before work begins: a held arrow key makes many.
PATIENCE = 0.15


def explore(
    series: Series,
    *,
    as_of: str | datetime.date | None = None,
    shapes: Sequence[str] = FIRST,
    horizon: int = 30,
    seed: int = 0,
    cache: str | os.PathLike[str] | None = None,
) -> "Explorer":
    """Open a live view of one series in JupyterLab: as-of date, shapes, camp, threshold, horizon.

    Parameters
    ----------
    series : Series
        The whole series, from `forecasts.load`.
    as_of : date or text, optional
        Where the slider stands at first; default: today's knowledge.
    shapes : sequence of str
        Shapes ticked at first, of `forecasts.SHAPES`.
    horizon : int
        Years after the as-of date: 10, 20, 30 or 50.
    seed : int
        Same seed, series and versions: same pictures.
    cache : path, optional
        Folder in which finished answers are kept for the next session; default: this one only.

    Returns
    -------
    Explorer
        Shows itself; without a kernel it is the picture it stood at.

    Raises
    ------
    InputError
        When a shape or a horizon is not there, or ipywidgets is not installed (extra
        ``notebooks``).

    Notes
    -----
    Fits are made by importance sampling, which needs no compilation. A picture, its axes included,
    knows no row after its as-of date unless "show what came after" is ticked; the axes never do.
    """
    unknown = [name for name in shapes if name not in SHAPES]
    if unknown or not shapes:
        got = unknown[0] if unknown else "none"
        raise InputError(f"Shapes must be of {', '.join(SHAPES)}, got {got}: correct it.")
    if horizon not in HORIZONS:
        raise InputError(f"The horizon must be one of {HORIZONS}, got {horizon}: choose one.")
    try:
        import ipywidgets  # noqa: F401
    except ImportError:
        raise InputError(
            "The live view needs the package ipywidgets, which is not installed: install the "
            "extra 'notebooks'."
        ) from None
    return Explorer(Cells(series, seed, cache), as_of, tuple(shapes), horizon)


class Explorer:
    """The widget that `explore` returns.

    Parameters
    ----------
    cells : Cells
        Of the series.
    as_of, shapes, horizon
        See `explore`.
    """

    def __init__(
        self,
        cells: Cells,
        as_of: str | datetime.date | None,
        shapes: tuple[str, ...],
        horizon: int,
    ) -> None:
        self.cells = cells
        self._task: asyncio.Task | None = None
        self.controls = _controls(cells.series, as_of, shapes, horizon)
        self.box, self._status, self._picture, self._text = _laid_out(self.controls)
        for control in self.controls.values():
            control.observe(self._changed, "value")
        wish = self.wish
        self._say(self._work(wish))

    @property
    def wish(self) -> dict[str, Any]:
        """What the controls ask for."""
        ticked = {name: control.value for name, control in self.controls.items()}
        return {
            "as_of": ticked["as_of"],
            "shapes": [name for name in SHAPES if ticked[name]],
            "camp": ticked["camp"],
            "kappa": ticked["kappa"],
            "horizon": float(ticked["horizon"]),
            "reveal": ticked["reveal"],
        }

    def _changed(self, change: object) -> None:
        """Follow a control; a refit that is under way for an older wish is dropped."""
        if self._task is not None:
            self._task.cancel()
        wish = self.wish
        if wish["shapes"] and not self.cells.missing(wish):
            self._say(self._work(wish))
            return
        try:
            self._task = asyncio.get_running_loop().create_task(self._later(wish))
        except RuntimeError:
            # Outside a kernel nothing waits.
            self._say(self._work(wish))

    async def _later(self, wish: dict[str, Any]) -> None:
        """Refit shape by shape, giving way to newer wishes in between."""
        await asyncio.sleep(PATIENCE)
        steps = self._work(wish)
        for text in steps:
            self._status.value = text
            # Long enough for the message with a newer wish to be read.
            await asyncio.sleep(0.02)

    def _say(self, steps: Any) -> None:
        """Do all steps at once."""
        for text in steps:
            self._status.value = text

    def _work(self, wish: dict[str, Any]) -> Any:
        """Yield what is being done, then draw; an error is a sentence."""
        try:
            if not wish["shapes"]:
                raise InputError("A forecast needs at least one shape, got none: tick one.")
            missing = self.cells.missing(wish)
            for done, name in enumerate(missing, 1):
                yield f"⏳ working: fitting {escape(name)} ({done} of {len(missing)}) …"
                self.cells.fit(wish, name)
            if missing:
                yield "⏳ working: drawing …"
            found = self.cells.answer(wish)
        except ForecastsError as error:
            yield f"<strong>{escape(str(error))}</strong>"
            return
        except (ValueError, ArithmeticError) as error:
            said = f"As of {words.day(wish['as_of'])} the rows could not be fitted ({error})"
            yield f"<strong>{escape(said)}: choose another date or other shapes.</strong>"
            return
        self._picture.value, self._text.value = found["picture"], found["text"]
        yield f"as of {words.day(wish['as_of'])}"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """Give the widget, and the picture it stands at for readers without a kernel."""
        bundle = dict(self.box._repr_mimebundle_(**options))
        return bundle | {"text/html": f"<div>{self._picture.value}{self._text.value}</div>"}


def _controls(
    series: Series, as_of: str | datetime.date | None, shapes: tuple[str, ...], horizon: int
) -> dict[str, Any]:
    """Make the controls, by name; those named like a shape are its tick box."""
    import ipywidgets as w

    days = sensible_dates(series)
    wanted = series.as_of if as_of is None else series.known_at(as_of).as_of
    start = max((day for day in days if day <= wanted), default=days[0])
    style = {"description_width": "5.5rem"}
    wide = w.Layout(width="36rem", max_width="100%")
    return {
        "as_of": w.SelectionSlider(
            options=[(words.day(day), day) for day in days], value=start, description="as of",
            continuous_update=False, style=style, layout=wide,
        ),
        **{
            name: w.Checkbox(value=name in shapes, description=name, indent=False,
                             layout=w.Layout(width="auto"))
            for name in SHAPES
        },
        "camp": w.Dropdown(options=[NEUTRAL, *(c.name for c in CAMPS)], description="camp",
                           style=style),
        "kappa": w.Dropdown(
            options=[("10 % (plateau)", KAPPA), ("50 % (slowed by half)", SLOWED)],
            description="κ", style=style,
        ),
        "horizon": w.Dropdown(options=[(f"{h} years", h) for h in HORIZONS], value=horizon,
                              description="horizon", style=style),
        "reveal": w.Checkbox(value=False, description="show what came after", indent=False),
    }  # fmt: skip


def _laid_out(controls: dict[str, Any]) -> tuple[Any, Any, Any, Any]:
    """Put controls, status, picture and text into one box."""
    import ipywidgets as w

    row = w.Layout(flex_flow="row wrap")
    ticks = w.HBox([controls[name] for name in SHAPES], layout=row)
    choices = w.HBox([controls[name] for name in ("camp", "kappa", "horizon")], layout=row)
    status, image, text = w.HTML(), w.HTML(), w.HTML()
    parts = [controls["as_of"], ticks, choices, controls["reveal"], status, image, text]
    box = w.VBox(parts)
    box.add_class("forecasts-explore")
    return box, status, image, text
