"""What all layers of a figure share: the result, the look, both axes, colours and switches."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forecasts import chart_data as rows_of
from forecasts import words
from forecasts.chart_style import LIGHT, Palette, colour, dash, value_axis

if TYPE_CHECKING:
    from forecasts.comparison import Comparison

INTERVAL = "90 % interval"
# Parameter that says which value axis is drawn; the page changes it together with the axis.
AXIS = "value_axis"
_LEGEND = {"symbolType": "stroke", "symbolOpacity": 1, "symbolStrokeWidth": 2.5, "symbolSize": 400}


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a figure is to look; the numbers do not depend on it.

    Attributes
    ----------
    palette
        Colours; default: for a light notebook.
    width
        Width of the plotting area in pixels.
    log
        Log or linear value axis; default: linear for a share, log for everything else.
    controls
        Draw the legend and the check boxes inside the figure.
    lines
        Lines drawn at first; default: naive and averaged.
    """

    palette: Palette = LIGHT
    width: int = 640
    log: bool | None = None
    controls: bool = True
    lines: tuple[str, ...] = ("naive", "averaged")


@dataclass(frozen=True)
class Scene:
    """A result with the look, and the axes that all layers share."""

    comparison: "Comparison"
    look: Look
    # The page shows or hides lines of the overview; a figure of one model has no switches.
    switched: bool = True
    # A thumbnail has no room for the unit beside its axis.
    titled: bool = True
    # Rows are named here once and attached to the finished chart: Altair copies inline rows often.
    datasets: dict[str, rows_of.Rows] = field(default_factory=dict)

    @property
    def log(self) -> bool:
        """Whether the value axis is a log one."""
        default = rows_of.log_axis(self.comparison)
        return default if self.look.log is None else self.look.log

    @property
    def names(self) -> list[str]:
        """Models, in the order of the result."""
        return list(self.comparison.to_dict()["models"])

    def time(self, column: str = "t:Q") -> Any:
        """Time axis, the same for both panels."""
        import altair as alt

        # Plain dictionaries: Altair copies a chart often, and its own objects are slow to copy.
        limits = list(rows_of.year_limits(self.comparison))
        return alt.X(
            column,
            title=None,
            scale={"domain": limits, "nice": False, "padding": 0},
            axis={
                "format": "d",
                "tickMinStep": 1,
                "tickCount": self.look.width // 75,
                "grid": False,
            },
        )

    def value(self, column: str = "q50:Q") -> Any:
        """Value axis, whose limits come from the data and the averaged interval alone."""
        import altair as alt

        limits = rows_of.value_limits(self.comparison, log=self.log)
        parts = value_axis(limits, log=self.log)
        unit = words.plain(self.comparison.series.card.unit) if self.titled else None
        return alt.Y(column, title=unit, scale=parts["scale"], axis=parts["axis"])

    def colour(self, line: str) -> Any:
        """Colour of a line, with a legend where the figure has controls."""
        import altair as alt

        if not self._has_legend:
            return alt.value(colour(line, self.names, self.look.palette))
        looks = [colour(name, self.names, self.look.palette) for name in self._lines]
        return alt.Color("line:N", scale={"domain": self._lines, "range": looks}, legend=_LEGEND)

    def dash(self, line: str) -> Any:
        """Dash of a line, in the same legend as its colour."""
        import altair as alt

        if not self._has_legend:
            return alt.value(dash(line, self.names))
        looks = [dash(name, self.names) for name in self._lines]
        scale = {"domain": self._lines, "range": looks}
        return alt.StrokeDash("line:N", scale=scale, legend=_LEGEND)

    @property
    def _has_legend(self) -> bool:
        return self.look.controls and self.switched

    @property
    def _lines(self) -> list[str]:
        return ["naive", "averaged", *self.names]

    def chart(self, rows: rows_of.Rows, line: str | None = None) -> Any:
        """Start a layer; a line that has a switch is filtered by it."""
        import altair as alt

        name = next((n for n, known in self.datasets.items() if known is rows), None)
        if name is None:
            name = f"rows-{len(self.datasets)}"
            self.datasets[name] = rows
        chart = alt.Chart(alt.NamedData(name=name))
        return chart.transform_filter(switch(line)) if line and self.switched else chart


def switch(line: str) -> str:
    """Name the parameter that shows or hides a line."""
    return "show_" + re.sub(r"\W", "_", line)


def switches(lines: list[str], scene: Scene) -> list[Any]:
    """Build one parameter a line, with a check box where the figure has its own controls."""
    import altair as alt

    look = scene.look
    made = [alt.param(name=AXIS, value="log" if scene.log else "linear")]
    for line in lines:
        box: Any = alt.binding_checkbox(name=f"{line} ") if look.controls else alt.Undefined
        made.append(alt.param(name=switch(line), value=line in look.lines, bind=box))
    return made


def tooltip(*fields: tuple[str, str]) -> list[Any]:
    """Build a tooltip from (field, title) pairs; texts are data and never become HTML."""
    import altair as alt

    return [alt.Tooltip(f"{name}:N", title=title) for name, title in fields]


def edge(*, over: bool) -> Any:
    """Place a mark at the upper or lower edge of its panel."""
    import altair as alt

    return alt.value(0) if over else alt.value("height")
