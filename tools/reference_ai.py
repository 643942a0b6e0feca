"""The AI series beside the headline ones: size, data and cost of models, and prices for a level.

A record's silence counts as data, so the records of training end with the last month in which
frontier runs were disclosed (``VERDICT_THROUGH``); the single models go on to the snapshot.
"""

from __future__ import annotations

from bundled import LATE_PRICES, LITELLM, LLMPRICING, PRICE_TRENDS, Bundled
from source_rows import VERDICT_THROUGH, confidence_marks, disclosed

_CITE = " Cite Epoch AI."
_MISSING = (
    " Frontier runs after July 2025 are mostly undisclosed, which is not evidence of a plateau."
)
_SILENCE = (
    " A record's silence counts, so rows and observation end with July 2025, the last month with"
    " disclosed frontier runs."
)

_TRAINING = (
    Bundled(
        id="llm_tokens",
        group="AI",
        folder="reference",
        notes="{known}" + _MISSING + _CITE,
        marks=confidence_marks,
    ),
    Bundled(
        id="llm_tokens_best",
        group="AI",
        folder="reference",
        notes="{known}" + _SILENCE + _CITE,
        through=VERDICT_THROUGH,
        family="llm_tokens",
        period="year",
        related=("llm_tokens",),
        keep=disclosed,
        marks=confidence_marks,
    ),
    Bundled(
        id="llm_parameters",
        group="AI",
        folder="reference",
        notes="{known} A slower rise at the end is partly missing data." + _CITE,
        marks=confidence_marks,
    ),
    Bundled(
        id="llm_parameters_best",
        group="AI",
        folder="reference",
        notes="{known}" + _SILENCE + _CITE,
        through=VERDICT_THROUGH,
        family="llm_parameters",
        period="year",
        related=("llm_parameters",),
        marks=confidence_marks,
    ),
    Bundled(
        id="ai_parameters_notable",
        group="AI",
        folder="reference",
        notes=(
            "Closed models are mostly missing after 2023, so a slower rise is partly missing data."
            + _CITE
        ),
        family="llm_parameters",
        related=("llm_parameters",),
        marks=confidence_marks,
    ),
    Bundled(
        id="llm_training_cost",
        group="AI",
        folder="reference",
        notes="{known}" + _MISSING + _CITE,
        related=("llm_compute",),
        marks=confidence_marks,
    ),
    Bundled(
        id="llm_compute_best",
        group="AI",
        folder="reference",
        notes="{known}" + _SILENCE + _CITE,
        through=VERDICT_THROUGH,
        family="llm_compute",
        period="year",
        related=("llm_compute",),
        marks=confidence_marks,
    ),
)


def _price(level: str, title: str, notes: str, source: str) -> Bundled:
    """Return one record of the lowest price for a level of ability."""
    return Bundled(
        id=f"llm_price_for_{level}",
        group="AI prices",
        folder="reference",
        title=title,
        notes=notes,
        source=source,
        family="llm_price",
        period="month",
        related=("llm_price",),
    )


def _by_benchmark(level: str, test: str, score: str, whose: str, late: str = "") -> Bundled:
    """Return a price for a benchmark score, from Epoch's table of 2025."""
    return _price(
        level,
        f"Lowest blended list price found of a model with {test} of {score} or better{whose}",
        "Priced: the lowest blended list price found (three parts input, one part output) of a"
        f" model with {test} of {score} or better, models and prices until February 2025; "
        f"{LATE_PRICES}{late} The source repository has no licence file; Epoch publishes its data"
        " under CC-BY-4.0.",
        PRICE_TRENDS,
    )


def _by_elo(elo: int) -> Bundled:
    """Return an input price for a rating of the arena."""
    return _price(
        f"elo_{elo}",
        f"Lowest input list price found of a model with an LMArena Elo of {elo} or better",
        f"Priced: the lowest input list price found of a model with an LMArena Elo of {elo} or"
        f" better, models released and prices read until July 2026; {LATE_PRICES} {{known}} A price"
        " is the model's last list price at the snapshot. Dates are Epoch's release date or the"
        " date in the name where there is one, else the 15th of the launch month.",
        LLMPRICING,
    )


_PRICES = (
    _by_benchmark(
        "mmlu_64_8",
        "MMLU",
        "64.8",
        " (GPT-3.5's)",
        " Here GPT-3.5 and GPT-3.5 Turbo are dated by when the price was read, not by their"
        " release.",
    ),
    _by_benchmark("mmlu_79_0", "MMLU", "79.0", ""),
    _by_benchmark("mmlu_86_0", "MMLU", "86.0", " (GPT-4's)"),
    _by_benchmark("gpqa_diamond_33_0", "GPQA Diamond", "33.0", " (the first GPT-4's)"),
    _by_benchmark("gpqa_diamond_50_0", "GPQA Diamond", "50.0", ""),
    *(_by_elo(elo) for elo in (1150, 1250, 1300, 1350, 1400)),
    _price(
        "eci_115",
        "Lowest blended list price found of a model with an Epoch Capabilities Index of 115 or"
        " better",
        "Priced: the lowest blended list price found (three parts input, one part output) of a"
        " model with an Epoch Capabilities Index of 115 or better, models released until April"
        f" 2026, prices read in July 2026; {LATE_PRICES} {{known}}",
        LITELLM,
    ),
)

AI = (*_TRAINING, *_PRICES)
