"""The reference class: costs, energy, records, infrastructure, long run, and its other files.

The series that models learn from and are judged on, beside those a reader comes for. What was left
out of the catalogue is in ``LEFT_OUT`` with the reason; ``build_data`` refuses an entry that is in
neither. A list of prices that is no entry of the catalogue (llm_price_list_simonw.csv) is left out
too. Relatives (the same thing under another name) share their ``family``.
"""

from __future__ import annotations

import re

from bundled import Bundled
from reference_adoption import ADOPTION
from reference_ai import AI
from reference_computing import COMPUTING
from reference_yearly import MIDYEAR, record, yearly
from source_rows import estimated

LEFT_OUT = {
    "ai benchmarks": "scores bounded by 1: no kind holds both a bound and single models or records",
    "airspeed_unofficial": (
        "seven marks of 1903 to 1941 for context, not a progression: faster unofficial flights"
        " followed, so silence until 2025 would be no data; sources partly weak"
    ),
    "llm_price": "three kinds of price stacked, never to be mixed; llm_price_for_* are made of it",
    "llm_price_for_eci_125": "row for row the same as llm_price (index 120)",
}
"""Ids or groups of the catalogue that are not bundled, and why."""


# The same product under another name, here or in longer series of the same thing elsewhere. The
# two low-density polyethylenes move together (correlation of yearly growth 0.97); high density is
# another product.
_COST_FAMILIES = {
    "fl_dram": "computer_memory",
    "fl_hard_disk_drive": "disk_drives",
    "fl_low_density_polyethylene": "polyethylene_low_density",
    "fl_photovoltaics": "photovoltaics",
    "fl_polyethylene_ld": "polyethylene_low_density",
}


def technology_cost(figures: str, title: str) -> Bundled:
    """Return one unit-cost series of Farmer & Lafond (2016)."""
    return Bundled(
        id=figures,
        group="technology costs",
        folder="reference",
        title=re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title),
        notes="Yearly unit costs, each dated 1 July of its year. {known}",
        family=_COST_FAMILIES.get(figures, ""),
    )


_ENERGY = (
    yearly(
        "solar_pv_module_cost",
        "energy",
        "Lafond and others (2017) and IRENA joined.",
        family="photovoltaics",
    ),
    yearly(
        "solar_pv_cumulative_capacity",
        "energy",
        "A running total, so it never falls and its growth is smoother than that of sales.",
        family="solar_deployment",
    ),
    yearly(
        "world_energy_solar",
        "energy",
        "Direct primary energy: electricity as generated. No row for 1992.",
        family="solar_deployment",
    ),
    yearly("world_energy_nuclear", "energy", "Direct primary energy: electricity as generated."),
    yearly(
        "world_energy_hydropower",
        "energy",
        "Direct primary energy: electricity as generated. Every tenth year before 1965 (Smil), from"
        " then on each year (BP).",
    ),
    yearly("offshore_turbine_rating", "energy", "The average of the turbines of a year."),
    yearly("us_oil_production", "energy", family="us_oil_production"),
    yearly(
        "us_oil_production_etemad",
        "energy",
        "From 1980 on the figures are those of the US Energy Information Administration.",
        family="us_oil_production",
    ),
    yearly(
        "uk_coal_output",
        "energy",
        "Eleven years up to 1913, each year from then on. 1921 and 1926 dip because of"
        " strikes and lockouts.",
    ),
    yearly("us_energy_intensity_amtrak", "energy", "Every fifth year until 1990."),
)

_RECORDS = (
    Bundled(
        id="steam_rail_speed",
        group="records",
        folder="reference",
        title="Steam locomotive speed record, claimed or authenticated",
        notes=(
            "{known} Rows dated 1 July are known to the year only. Sparse before 1895, and marks of"
            " the first decades are not comparable measurements."
        ),
        period="year",
    ),
    record(
        "flight_distance_record",
        "records",
        "The farthest of each year, non-commercial and without refuelling. The file jumps from"
        " 0.279 km (1903) to 1,699 km (1914): records between them are not in it, so those years"
        " are a gap, not silence. Observed only up to the last row.",
        gaps=(("1903-07-02", "1914-06-30"),),
    ),
)

_INFRASTRUCTURE = (
    yearly(
        "us_canals",
        "US infrastructure",
        "The dataset's description says 'mileage of completed canals', but the values run from 1 to"
        " 90, mostly whole numbers. The first twelve rise by one each and are dated by when they"
        " do, so early growth is coarse.",
        title="Completed canals in the United States",
        unit="index, 90 in 1854 (unit not stated)",
    ),
    yearly(
        "us_credit_and_debit_payments",
        "US infrastructure",
        "The dataset's description says millions.",
        title="Payments by credit and debit card in the United States",
        unit="million payments",
    ),
    yearly(
        "us_retail_locations_accepting_card",
        "US infrastructure",
        "The dataset's description says number of retail locations.",
        title="Retail locations accepting cards in the United States",
        unit="locations",
    ),
    yearly(
        "us_rail_passenger_km",
        "US infrastructure",
        "Peaks in 1944; more than one rise and fall.",
        title="Rail passenger-kilometres in the United States",
        unit="million passenger-km (inferred)",
    ),
    *(
        yearly(
            f"us_crude_steel_production_{furnace.replace(' ', '_')}",
            "US infrastructure",
            "The dataset's description says metric tons; thousands are inferred. No row for 1991.",
            title=f"Crude steel from {furnace} in the United States",
            unit="thousand tonnes (inferred)",
        )
        for furnace in ("blast oxygen furnaces", "electric furnaces")
    ),
    yearly(
        "us_telegrams",
        "US infrastructure",
        "The dataset's description says millions. No row from 1911 to 1916.",
        title="Telegrams sent in the United States",
        unit="million telegrams",
    ),
)

_LONG_RUN = (
    yearly("price_for_light_uk", "long run", "The lowest is that of 2002 (2.38); 2006 is 2.89."),
    yearly("price_of_nails", "long run"),
    yearly("life_expectancy_best", "long run", "Falls in single years, so it is no record."),
    Bundled(
        id="world_population",
        group="long run",
        folder="reference",
        notes=(
            "{known} Estimates up to 2015; later rows of the file are projections of the UN"
            " revision of 2017 and are left out." + MIDYEAR
        ),
        keep=estimated,
    ),
    yearly("plastics_production", "long run", "The first years are rounded to whole numbers."),
)

REFERENCE = (
    *ADOPTION,
    *COMPUTING,
    *_ENERGY,
    *_RECORDS,
    *_INFRASTRUCTURE,
    *_LONG_RUN,
    *AI,
)
