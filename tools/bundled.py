"""What a reader must know of a bundled series, and the series shown first.

Everything that the catalogue of the source figures already says (unit, direction, kind, source,
licence, known defects) is taken from there by ``build_data``; only what it does not say is here.
The reference class is in ``reference_class``. ``tests/test_data.py`` holds the outcome.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from source_rows import (
    VERDICT_THROUGH,
    Row,
    airspeed_marks,
    confidence_marks,
    every_row,
    frontier,
    is_cpu,
    no_marks,
    notable,
    notable_through_2026,
)

WARS = (("1914-08-01", "1918-11-11"), ("1939-09-01", "1945-09-02"))  # no attempts possible


@dataclass(frozen=True, kw_only=True)
class Bundled:
    """One series of the package; an empty text means "as the catalogue says".

    ``figures`` is the catalogue id it is built from, ``marks`` writes what the rows themselves
    say, and ``{known}`` in ``notes`` stands for the defects that the catalogue knows of.
    """

    id: str
    group: str
    notes: str = "{known}"
    figures: str = ""
    folder: str = ""
    title: str = ""
    unit: str = ""
    kind: str = ""
    maximum: int = 0
    source: str = ""
    licence: str = ""
    published: str = ""
    through: str = ""
    family: str = ""
    period: str = ""
    gaps: tuple[tuple[str, str], ...] = ()
    related: tuple[str, ...] = ()
    keep: Callable[[Row], bool] = every_row
    marks: Callable[[list[Row]], str] = no_marks


_EPOCH = (
    "Epoch AI, Data on AI Models (epoch.ai/data/ai-models), notable_ai_models.csv of 2026-07-19"
    " via github spragada4/ai-energy-explorer (22699c8)"
)
LITELLM = (
    "LiteLLM price file of 2026-07-24 via github Wei-Shaw/model-price-repo (f9ff147);"
    " Epoch Capabilities Index of 2026-04 and release dates: Epoch AI (epoch.ai)"
)
LLMPRICING = "GitHub sanand0/llmpricing (ae3a1b1), elo.csv of 2026-07-19; release dates: Epoch AI"
PRICE_TRENDS = (
    "Epoch AI LLM inference price trends (github epoch-research/llm-benchmark-efficiency, 34b9233)"
)
_UNDISCLOSED = (
    " Frontier runs after July 2025 are mostly undisclosed: missing disclosure is not evidence of"
    " a plateau, so nothing later is used for a verdict."
)
_SCATTER = (
    " Few rows before 2018 and a very wide scatter: since 2016 the largest and the smallest model"
    " of a year differ by a factor of at least ten thousand."
)
LATE_PRICES = "list prices read later than launch make early prices too low."
_COMPUTE = ("llm_compute_frontier", "ai_compute_notable", "llm_compute_to_2026")

HEADLINE = (
    Bundled(
        id="cpu_clock",
        group="headline",
        title="CPU clock frequency, per processor",
        notes=(
            "Base clock of processors, not boost; four rows of GPUs and Xeon Phi are left out."
            " Points before 2011 were digitised from the '35 years' plot, so values fall on a pixel"
            " grid (repeated values such as 296.93 are real pixels, not duplicates) and have no"
            " name. Dates are good to about a month."
        ),
        related=("rupp_transistors",),
        keep=is_cpu,
    ),
    Bundled(
        id="airspeed",
        group="headline",
        notes=(
            "Official FAI records only; unofficial marks are left out. About eight short-lived"
            " records are missing (four of Védrines in 1912, Prévost June 1913, de Romanet 1920"
            " twice, Sadi-Lecointe February 1923). The record of 1976-07-28 still stood when the"
            " figures were collected. Records could not be attempted in the two world wars (gaps)."
        ),
        period="year",
        gaps=WARS,
        marks=airspeed_marks,
    ),
    Bundled(
        id="llm_compute",
        group="headline",
        title="Training compute of notable language models since 2010",
        notes=(
            "Frontier runs after July 2025 are mostly undisclosed, and missing disclosure is not"
            " evidence of a plateau, so nothing later is used for a verdict; rows before 2018 are"
            " few and the scatter is very wide." + _SCATTER + " Epoch's notable models whose domain"
            " includes Language; values are estimates, many Speculative. Rows of Epoch's"
            " large-scale file are left out: it is selected for 1e23 FLOP and more, so"
            " left-truncated. Cite Epoch AI."
        ),
        source=_EPOCH,
        published=(
            "Epoch AI: 4.7× a year (90 %: 4.3 to 5.2) for all notable AI models since 2010, from an"
            " earlier snapshot of 428 models"
        ),
        through=VERDICT_THROUGH,
        related=(*_COMPUTE, "ai_compute_notable_to_2026"),
        keep=notable,
        marks=confidence_marks,
    ),
    Bundled(
        id="llm_price",
        group="headline",
        figures="llm_price_for_eci_120",
        title=(
            "Lowest list price found that buys GPT-4's ability"
            " (Epoch Capabilities Index 120 or better)"
        ),
        notes=(
            "Priced: the lowest blended list price found (three parts input, one part output) of a"
            " model with an Epoch Capabilities Index of 120 or better, models released until"
            " April 2026, prices read in July 2026; " + LATE_PRICES + " {known} Seven rows. The"
            " first GPT-4 (March 2023) has an index of 126, so the bar is a little below it;"
            " gpt-3.5-turbo-1106 (index 118.9) just misses it."
            " Gemini 1.0 Ultra never had a list price and is not in."
        ),
        source=LITELLM,
        family="llm_price",
        period="month",
        related=("llm_price_for_elo_1200", "llm_price_for_mmlu_43_9"),
    ),
)

BESIDE = (
    Bundled(
        id="rupp_transistors",
        group="contrast",
        notes=(
            "The contrast that went on while the clock stopped. {known} Points before 2011 were"
            " digitised from a plot and have no name; dates are good to about a month. At least two"
            " rows are GPUs (2018-07-02, and 58.2 thousand million on 2021-11-25)."
        ),
        family="transistors",
        related=("cpu_clock",),
    ),
    Bundled(
        id="llm_compute_frontier",
        group="shown beside",
        figures="llm_compute",
        title="Training compute of frontier language models since 2010",
        notes=(
            "The rows of llm_compute that Epoch flags as frontier: nearly always among the five"
            " largest of all notable models, of any domain, when they came out. Estimates, many"
            " Speculative." + _UNDISCLOSED + " Cite Epoch AI."
        ),
        source=_EPOCH,
        through=VERDICT_THROUGH,
        family="llm_compute",
        related=("llm_compute",),
        keep=frontier,
        marks=confidence_marks,
    ),
    Bundled(
        id="ai_compute_notable",
        group="shown beside",
        title="Training compute of notable AI models since 2010, all domains",
        notes=(
            "Epoch's notable models of every domain; values are estimates, many Speculative,"
            " and scatter as widely as those of language models alone."
            + _UNDISCLOSED
            + " Cite Epoch AI."
        ),
        through=VERDICT_THROUGH,
        family="llm_compute",
        related=("llm_compute",),
        keep=notable,
        marks=confidence_marks,
    ),
    Bundled(
        id="llm_price_for_elo_1200",
        group="shown beside",
        title="Lowest input list price found of a model with an LMArena Elo of 1200 or better",
        notes=(
            "Priced: the lowest input list price found of a model with an LMArena Elo of 1200 or"
            " better, models released and prices read until July 2026; " + LATE_PRICES + " {known}"
            " A price is the model's last list price at the snapshot (for example"
            " gpt-3.5-turbo-0314 at 0.5, not 2). Dates are Epoch's release date or the date in the"
            " name where there is one, else the 15th of the launch month."
        ),
        source=LLMPRICING,
        family="llm_price",
        period="month",
        related=("llm_price", "llm_price_for_mmlu_43_9"),
    ),
    Bundled(
        id="llm_price_for_mmlu_43_9",
        group="shown beside",
        title="Lowest list price found that buys GPT-3's ability (MMLU 43.9 or better)",
        notes=(
            "Priced: the lowest blended list price found (three parts input, one part output) of a"
            " model with an MMLU score of 43.9 or better (GPT-3's), models and prices until"
            " February 2025; "
            + LATE_PRICES
            + " Here GPT-3, GPT-3.5 Turbo and Llama 2-7B are dated by when the"
            " price was read, not by their release. The source repository has no licence file;"
            " Epoch publishes its data under CC-BY-4.0."
        ),
        source=PRICE_TRENDS,
        family="llm_price",
        period="month",
        related=("llm_price", "llm_price_for_elo_1200"),
    ),
    Bundled(
        id="llm_compute_to_2026",
        group="shown beside",
        figures="llm_compute",
        folder="reference",
        title="Training compute of notable language models, 2010 to July 2026",
        notes=(
            "For comparing growth rates with published ones, not for a verdict: the rows of"
            " llm_compute and those up to July 2026, when several laboratories no longer disclosed"
            " their largest runs. {known} Here only notable rows. Cite Epoch AI."
        ),
        source=_EPOCH,
        family="llm_compute",
        related=("llm_compute",),
        keep=notable_through_2026,
        marks=confidence_marks,
    ),
    Bundled(
        id="ai_compute_notable_to_2026",
        group="shown beside",
        figures="ai_compute_notable",
        folder="reference",
        title="Training compute of notable AI models, all domains, 2010 to July 2026",
        notes=(
            "For comparing growth rates with published ones, not for a verdict: the rows of"
            " ai_compute_notable and those up to July 2026, when several laboratories no longer"
            " disclosed their largest runs. Values are estimates, many Speculative. Cite Epoch AI."
        ),
        family="llm_compute",
        related=("llm_compute",),
        keep=notable_through_2026,
        marks=confidence_marks,
    ),
)
