"""Write one page of all public names, from their docstrings."""

import argparse
import inspect
import re
import sys
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import forecasts

sys.path.insert(0, str(Path(__file__).parent))
from render_notebooks import PAGE, ROOT, style

#: Sections of a docstring whose entries are "name : type" with indented text.
LISTED = {"Parameters", "Returns", "Yields", "Raises", "Attributes"}


@dataclass
class Docs:
    """A docstring in parts.

    Attributes
    ----------
    summary, text : str
        First line, and the paragraphs after it.
    sections : dict of str
        By heading.
    """

    summary: str = ""
    text: str = ""
    sections: dict[str, str] = field(default_factory=dict)

    def entries(self, name: str) -> dict[str, tuple[str, str]]:
        """Return the entries of a listed section: name -> (type, text)."""
        found: dict[str, tuple[str, str]] = {}
        names: list[str] = []
        for line in self.sections.get(name, "").splitlines():
            if line and not line[0].isspace():
                head, _, kind = line.partition(" : ")
                names = [part.strip() for part in head.split(",")]
                found |= {part: (kind, "") for part in names}
            else:
                for part in names:
                    kind, text = found[part]
                    found[part] = kind, f"{text} {line.strip()}".strip()
        return found


def docs_of(thing: object) -> Docs:
    """Take a numpydoc docstring apart."""
    lines = (inspect.getdoc(thing) or "").splitlines()
    docs, heading, kept = Docs(), "", list[str]()
    parts: dict[str, list[str]] = {"": kept}
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if below and set(below) == {"-"} and len(below) >= 3:
            heading = line.strip()
            parts[heading] = []
        elif not (line and set(line) == {"-"}):
            parts[heading].append(line)
    docs.summary, _, docs.text = "\n".join(parts.pop("")).strip().partition("\n")
    docs.sections = {name: "\n".join(body).strip("\n") for name, body in parts.items()}
    return docs


def members(thing: type) -> dict[str, object]:
    """List what a class offers: public methods and properties of its own with a docstring."""
    return {
        name: member
        for name, member in vars(thing).items()
        if not name.startswith("_") and (inspect.getdoc(member) or "").strip()
        and (callable(getattr(member, "__func__", member)) or hasattr(member, "func")
             or isinstance(member, property))
    }  # fmt: skip


def section_of(name: str, thing: object, *, level: int = 2) -> str:
    """Write one name with its signature and its docstring."""
    docs = docs_of(thing)
    function = getattr(thing, "__func__", thing)
    signed = f"{name}{_signature(function)}"
    parts = [f'<h{level} id="{escape(name)}"><code>{escape(name)}</code></h{level}>']
    parts += [f"<pre>{escape(signed)}</pre>"] if signed != name else []
    parts += [_paragraphs(docs.summary), _paragraphs(docs.text)]
    for heading, body in docs.sections.items():
        parts.append(f"<h4>{escape(heading)}</h4>")
        entries = docs.entries(heading) if heading in LISTED else {}
        if entries:
            parts += ["<dl>", *(_entry(*item) for item in entries.items()), "</dl>"]
        elif heading == "Examples":
            parts.append(f"<pre>{escape(inspect.cleandoc(body))}</pre>")
        else:
            parts.append(_paragraphs(body))
    if inspect.isclass(thing):
        parts += [section_of(f"{name}.{m}", one, level=3) for m, one in members(thing).items()]
    return "\n".join(parts)


def page() -> str:
    """Return the whole page."""
    names = [name for name in forecasts.__all__ if callable(getattr(forecasts, name))]
    links = " · ".join(f'<a href="#{n}">{n}</a>' for n in names)
    shapes = ", ".join(f"<code>{escape(name)}</code>" for name in forecasts.SHAPES)
    body = [
        '<nav><a href="index.html">All notebooks</a></nav>\n<h1>The Python functions</h1>',
        f"<p>{links}</p>\n<p><code>SHAPES</code>: the trend shapes by name: {shapes}.</p>",
        *(section_of(name, getattr(forecasts, name)) for name in names),
    ]
    return PAGE.format(title="The Python functions", style=style(), body="\n".join(body))


def _signature(thing: object) -> str:
    """Parameters as they are called; empty for a property."""
    if not callable(thing) or (inspect.isclass(thing) and issubclass(thing, Exception)):
        return ""
    signature = inspect.signature(thing)
    bare = [
        p.replace(annotation=p.empty) for p in signature.parameters.values() if p.name != "self"
    ]
    bare = [p for p in bare if p.name != "cls"]
    return str(signature.replace(parameters=bare, return_annotation=signature.empty))


def _paragraphs(text: str) -> str:
    """Write text as paragraphs, with code in back quotes."""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block]
    return "\n".join(f"<p>{_inline(' '.join(block.split()))}</p>" for block in blocks)


def _entry(name: str, found: tuple[str, str]) -> str:
    """Write one parameter."""
    kind, text = found
    typed = f" <small>{escape(kind)}</small>" if kind else ""
    return f"<dt><code>{escape(name)}</code>{typed}</dt><dd>{_inline(text)}</dd>"


def _inline(text: str) -> str:
    """Escape, and set what stands in back quotes as code."""
    return re.sub(r"``?([^`]+)``?", r"<code>\1</code>", escape(text))


def main() -> None:
    """Write the page beside the notebooks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "reports" / "notebooks" / "api.html")
    target = parser.parse_args().out
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(), encoding="utf-8")
    print(target)


if __name__ == "__main__":
    main()
