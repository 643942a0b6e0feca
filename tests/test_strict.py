"""The strict prior: no row after the day, and none of the family, teaches anything."""

import datetime
import sys
from pathlib import Path

import pytest

from forecasts.catalog import load

TOOLS = Path(__file__).resolve().parent.parent / "tools"
DAY = datetime.date(1950, 12, 31)


class Stop(Exception):
    """What was recycled is known; the sampler is not needed."""


@pytest.fixture
def strict():
    """The command's module; it imports its neighbours by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOOLS)
        import strict

        yield strict
        for name in ("strict", "learn_population"):
            sys.modules.pop(name, None)


def test_no_later_row_and_no_relative_teaches(strict, monkeypatch):
    taught = []

    def learn(series, **_):
        raise Stop

    monkeypatch.setattr(strict, "recycle", lambda one, seed: taught.append(one))
    monkeypatch.setattr(strict, "learn", learn)
    with pytest.raises(Stop):
        strict.cut_at(DAY, load("us_oil_production").card.family)

    assert len(taught) > 10
    assert max(one.date[-1] for one in taught) <= DAY
    assert max(one.as_of for one in taught) <= DAY
    ids = {one.card.id for one in taught}
    assert "airspeed" in ids
    assert not {"us_oil_production", "us_oil_production_etemad", "cpu_clock"} & ids


def test_an_alarm_of_the_time_machine_is_among_the_dates(strict):
    found = strict.dates("cpu_clock")

    assert found == sorted(set(found))
    assert load("cpu_clock").known_at("2003-01-01").as_of in found
    assert any(day > datetime.date(2004, 1, 1) for day in found)
