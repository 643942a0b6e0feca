"""Altair charts in a notebook without a network.

Altair's own way loads the drawing library from a server at each look. Here a chart is a still
picture, which a script makes live where the drawing library is on the page: the first chart of a
kernel brings it along. A notebook that was opened again, or a reader without scripts, has the still
pictures. ``tests/test_notebook_pages.py`` opens such a page with every host unknown.
"""

import base64
import html
import json
import re
from typing import Any

NAME = "forecasts"
#: JSON that stands in a script element must not end it.
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
_DRAW = """(() => {
  const box = document.currentScript.closest(".forecasts-chart"), embed = window.vegaEmbed;
  if (!box || !embed) return;
  const live = box.querySelector(".live");
  const spec = JSON.parse(box.querySelector(".spec").textContent);
  embed(live, spec, {actions: false, renderer: "svg", ast: true})
    .then(() => box.querySelector(".still").remove())
    .catch(error => { live.remove(); console.warn(String(error)); });
})();"""
_sent = False


def draw_offline() -> None:
    """Have Altair draw this way, unless another renderer was chosen."""
    import altair as alt

    if alt.renderers.active == "default":
        alt.renderers.register(NAME, render)
        alt.renderers.enable(NAME)


def render(spec: dict[str, Any], **metadata: Any) -> dict[str, str]:
    """Return what a notebook keeps of a chart: picture, specification, and the drawing script."""
    global _sent
    from forecasts.drawing import drawing_library

    script = drawing_library().replace("</script", "<\\/script")
    library = "" if _sent else f"<script>{script}</script>"
    _sent = True
    text = json.dumps(spec, separators=(",", ":"))
    safe = re.sub("[<>&]", lambda m: _UNSAFE[m.group()], text)
    said = spec.get("description", "chart")
    page = (
        f'<div class="forecasts-chart">{picture(spec, said)}<div class="live"></div>'
        f'<script type="application/json" class="spec">{safe}</script>{library}'
        f"<script>{_DRAW}</script></div>"
    )
    return {"text/html": page, "text/plain": said}


def forget() -> None:
    """Bring the drawing library along again: the next notebook of this process is another page."""
    global _sent
    _sent = False


def picture(chart: Any, said: str) -> str:
    """Return a chart as an image element; nothing inside an image can run or be reached.

    Parameters
    ----------
    chart
        An Altair chart or its specification.
    said
        What it shows, in words.
    """
    from forecasts.charts import to_svg

    try:
        drawn = base64.b64encode(to_svg(chart).encode()).decode()
    except ValueError:
        # The rows lie on a server, which is not asked.
        return '<span class="still"></span>'
    return (
        f'<img class="still" style="max-width:100%" alt="{html.escape(said)}" '
        f'src="data:image/svg+xml;base64,{drawn}">'
    )
