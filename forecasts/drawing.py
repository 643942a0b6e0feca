"""The drawing library that pages and notebooks carry with them, so that none is fetched."""

import functools


@functools.cache
def drawing_library() -> str:
    """Bundle Vega, Vega-Lite and Vega-Embed, of the Vega-Lite version that Altair writes for."""
    import altair
    import vl_convert

    version = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version)
    # A module script would not load from disk; a function keeps the module's names to itself.
    return f"(() => {{\n{bundle}\n}})();\n"
