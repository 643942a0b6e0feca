"""The population that other series taught: `population_of` is the one place that chooses it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from forecasts.cards import Card
from forecasts.catalog import data_directory
from forecasts.population import WEAK, Population

#: File of the data folder in which `tools/learn_population.py` keeps what it found.
FILE = "learned/population.json"


def population_of(card: Card) -> Population:
    """Return what is believed of a series before its rows are seen.

    Parameters
    ----------
    card : Card
        Its kind says which population it belongs to; its family is left out of what taught it.

    Returns
    -------
    Population
        Learned from the other families of the reference class; `WEAK` where none was learned.
    """
    learned = learned_file()
    if not learned:
        return WEAK[card.kind]
    families = learned["families"]
    kinds = families.get(card.family, learned["everyone"])
    return Population(**kinds[card.kind])


@cache
def learned_file() -> dict[str, Any]:
    """Return the file as it was written, with its provenance; empty when there is none."""
    path: Path = data_directory() / FILE
    if not path.is_file():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
