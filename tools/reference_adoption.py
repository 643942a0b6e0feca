"""The shares adopted, mostly by households of the United States, from one compilation.

Title, unit and note of each come from the description that Our World in Data publishes beside the
figures (datapackage.json of the dataset); the catalogue only says "percent of households or
adults".
"""

from __future__ import annotations

from bundled import Bundled

HOUSEHOLDS = "percent of US households"
ADULTS = "percent of US adults"
CARS = "percent of US car output"
PER_CENT = 100

# id: title, unit, what else a reader must know
_SHARES = {
    "automatic_transmission": (
        "Automatic transmission in new US cars",
        CARS,
        "Not a share of households. Zero in 1910 and in 1939, and no row from then until 1951.",
    ),
    "cable_tv": ("Cable television in US households", HOUSEHOLDS, ""),
    "cellular_phone": ("Cellular telephone in US households", HOUSEHOLDS, ""),
    "colour_tv": ("Colour television in US households", HOUSEHOLDS, ""),
    "dishwasher": (
        "Dishwasher in US households",
        HOUSEHOLDS,
        "From Greenwood and others (2005), from 1992 the US Census Bureau. Gaps of up to seventeen"
        " years; the early values fall (1.8 in 1924, 0.6 in 1931).",
    ),
    "disk_brakes": ("Disk brakes in new US cars", CARS, "Not a share of households."),
    "ebook_reader": ("E-book reader owned by US adults", ADULTS, "Adults, not households."),
    "home_air_conditioning": ("Air conditioning in US households", HOUSEHOLDS, ""),
    "landline": (
        "Landline telephone in US households",
        HOUSEHOLDS,
        "Falls twice: from 1929 to 1934, and from 2002 (95) to 2018 (41.7). The values of 2005 to"
        " 2013 are uneven (70.5, 75, 58.7 in the last three years), as where sources are spliced.",
    ),
    "microwave": (
        "Microwave oven in US households",
        HOUSEHOLDS,
        "The description says 'diffusion rates in the US economy'; households are inferred. From"
        " Greenwood and others (2005), from 1992 the US Census Bureau. Several gaps of years.",
    ),
    "nox_pollution_controls_boilers": (
        "Pollution controls for nitrogen oxides on boilers",
        "percent of boilers",
        "Not a share of households: boilers that adopted the technology (Popp 2006).",
    ),
    "podcasting": (
        "Americans who have ever listened to a podcast",
        "percent of Americans aged 12 or older",
        "People, not households.",
    ),
    "power_steering": ("Power steering in new US cars", CARS, "Not a share of households."),
    "radial_tires": ("Radial tires on new US cars", CARS, "Not a share of households."),
    "rtgs_adoption": (
        "Central banks with real-time gross settlement (RTGS)",
        "percent of central banks (inferred)",
        "Not a figure of the United States: every value is a multiple of 1/175, and the source is"
        " a study of central banks (Bech and Hobijn 2006). One bank alone from 1971 to 1980.",
    ),
    "smartphone_usage": ("Smartphone owned by US adults", ADULTS, "Adults, not households."),
    "social_media_usage": (
        "US adults who use at least one social media site",
        ADULTS,
        "Adults, not households.",
    ),
    "stove": (
        "Stove in US households",
        HOUSEHOLDS,
        "The figures stand at 99 from 1972 to 2005.",
    ),
    "vacuum": (
        "Vacuum cleaner in US households",
        HOUSEHOLDS,
        "The description says 'diffusion rates in the US economy'; households are inferred. The"
        " first row, of 1922, is 31.5 already.",
    ),
    "washing_machine": (
        "Washing machine in US households",
        HOUSEHOLDS,
        "Falls from 25 in 1939 to 15 in 1946, and from 73 in 1979 to 69 in 1983.",
    ),
}

ADOPTION = tuple(
    Bundled(
        id=f"adopt_{name}",
        group="adoption",
        folder="reference",
        title=title,
        unit=unit,
        maximum=PER_CENT,
        notes=f"{note} {{known}} Each row is dated 1 July of its year.",
    )
    for name, (title, unit, note) in _SHARES.items()
)
