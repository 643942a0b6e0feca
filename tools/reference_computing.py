"""The computing series of the reference class: processors, storage, supercomputers, sequencing."""

from __future__ import annotations

from bundled import Bundled
from reference_yearly import record, yearly

RUPP = (
    "K. Rupp and others, microprocessor-trend-data, 50yrs"
    " (github karlrupp/microprocessor-trend-data, f2121ab)"
)


def _per_chip(series: str, notes: str) -> Bundled:
    """Return one more measure of the processors of cpu_clock."""
    return Bundled(
        id=series,
        group="computing",
        folder="reference",
        notes=f"{{known}} Dates are good to about a month. {notes}",
        related=("cpu_clock",),
    )


def _storage(medium: str, name: str, family: str, notes: str = "") -> Bundled:
    """Return the lowest price of one medium of storage."""
    return record(
        f"mccallum_{medium}_price",
        "computing",
        "Current US dollars; only years with a new lowest price are in the file, and the last row"
        f" ends what was observed. {notes}",
        title=f"Lowest price of {name} (McCallum)",
        family=family,
    )


COMPUTING = (
    _per_chip(
        "rupp_cores",
        "One core each until 2004, so the series is flat before it rises. The rows of 2013-05-27"
        " and 2016-07-02 (240 and 272) are Xeon Phi, those of 2018-07-02 (80) and 2021-11-25 (208)"
        " are GPUs, by the clock file of the same source.",
    ),
    _per_chip(
        "rupp_watts",
        "Rising is more power, not progress. The rows of 2013-05-27 and 2016-07-02 are Xeon Phi,"
        " those of 2018-07-02 (250) and 2021-11-25 (500) are GPUs, by the clock file of the same"
        " source.",
    ),
    _per_chip("rupp_specint", "Processors only."),
    Bundled(
        id="cpu_clock_best",
        group="computing",
        folder="reference",
        notes=(
            "Running best of the processors in cpu_clock. {known} Points before 2011 were digitised"
            " from a plot; dates are good to about a month."
        ),
        source=RUPP,
        licence="CC-BY-4.0",
        family="cpu_clock",
        period="year",
        related=("cpu_clock",),
    ),
    record(
        "owid_transistors",
        "computing",
        "The highest count of each year from the figures of rupp_transistors, and for 2015 and 2017"
        " from Wikipedia; years that did not pass the highest before are not in the file, so it"
        " is a record although the source calls it yearly. 2002 is lower than in rupp_transistors"
        " (55.7 against 220.7 million), and 1992, 2011 and 2012 passed the highest there but have"
        " no row here.",
        title="Transistors per microprocessor, highest so far (OWID)",
        family="transistors",
        related=("rupp_transistors",),
        kind="record",
    ),
    record(
        "top500_fastest",
        "computing",
        "Of the 30 yearly values the 8 that repeat the year before are left out: the fastest"
        " machine had not changed. Rounded figures.",
    ),
    _storage("memory", "computer memory", "computer_memory"),
    _storage(
        "disk_drives",
        "disk drives",
        "disk_drives",
        "No row between 1974 and 1985, which may be missing data as well as silence.",
    ),
    _storage("flash", "flash memory", "flash_storage"),
    _storage("ssd", "solid-state drives", "flash_storage"),
    yearly(
        "dna_cost_per_genome",
        "computing",
        "Falls twentyfold from 2007 to 2008, when the sequencing centres changed to"
        " second-generation machines.",
    ),
    yearly(
        "watts_per_mips_frantz",
        "computing",
        "Twelve years between 1985 and 2003, rounded to one or two digits.",
    ),
)
