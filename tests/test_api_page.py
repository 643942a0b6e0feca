"""Every public name is documented, and the page that lists them says what the docstrings say."""

import importlib.util
import inspect
import sys
from pathlib import Path

import pytest

import forecasts

ROOT = Path(__file__).parents[1]


def tool(name):
    """A program under tools/, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


api = tool("api_page")
PUBLIC = {n: getattr(forecasts, n) for n in forecasts.__all__ if n != "SHAPES"}
METHODS = {
    f"{name}.{method}": getattr(member, "__func__", member)
    for name, thing in PUBLIC.items()
    if inspect.isclass(thing)
    for method, member in api.members(thing).items()
}


@pytest.mark.parametrize("name", [*PUBLIC, *METHODS])
def test_a_summary_is_one_line_and_ends(name):
    summary = api.docs_of((PUBLIC | METHODS)[name]).summary

    assert summary
    assert summary.endswith(".")


@pytest.mark.parametrize("name", [*PUBLIC, *METHODS])
def test_every_parameter_is_documented(name):
    thing = (PUBLIC | METHODS)[name]
    if not callable(thing) or (inspect.isclass(thing) and issubclass(thing, Exception)):
        return
    asked = [p for p in inspect.signature(thing).parameters if p not in ("self", "cls")]

    docs = api.docs_of(thing)

    told = docs.entries("Parameters") | docs.entries("Attributes")
    if "." in name and len(asked) < 2 and not told:
        return  # Its one parameter is in the sentence.
    assert [p for p in asked if not told.get(p, ("", ""))[1]] == []


def test_page_lists_every_name_and_opens_no_connection():
    page = api.page()

    assert all(f'id="{name}"' in page for name in [*PUBLIC, *METHODS])
    assert "<script" not in page
    assert "http" not in page.split("</style>")[1].replace("http-equiv", "")
