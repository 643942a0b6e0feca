"""The JSON contract of an answer, and how it is put together."""

import copy
import dataclasses
import itertools
import json
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from forecasts import InputError, charts, compare, comparison, load
from forecasts.averaging import LEVELS, NOTHING_LEFT, model_weights, quantiles
from forecasts.beside import naive_growths
from forecasts.errors import ConvergenceError
from forecasts.fit import Fit
from forecasts.learned import population_of
from forecasts.lfo import lfo_scores
from forecasts.models import SHAPES

PLATEAU = {
    "kappa", "p_already", "p_future", "p_none_within_horizon", "p_decline", "p_restart",
    "refused", "p_by", "quantiles",
}  # fmt: skip


@pytest.fixture(scope="module")
def then(answers):
    return answers("cpu_clock", "2003-01-01")


@pytest.fixture(scope="module")
def result(then):
    return json.loads(json.dumps(then.to_dict(), allow_nan=False))


def failing(fits, but=()):
    """The same fits, as if all but some had failed the gate."""
    bad = {name: copy.copy(one) for name, one in fits.items()}
    for name in set(bad) - set(but):
        bad[name].__dict__["diagnostics"] = dataclasses.replace(fits[name].diagnostics, ess_min=0.0)
    return bad


def plateaus(result):
    top = result["plateau"]
    models = [model["plateau"] for model in result["models"].values()]
    return [top, top["slowed_by_half"], top["without_stop"], *models]


def test_contract_has_every_key(result):
    assert set(result) == {
        "series", "plateau", "models", "averaged", "forecast", "naive", "trust", "sensitivity",
        "provenance",
    }  # fmt: skip
    assert set(result["plateau"]) == PLATEAU | {"slowed_by_half", "without_stop"}
    assert set(result["models"]) == set(SHAPES)
    assert set(result["naive"]) >= {
        "growth_per_year",
        "doubling_years",
        "r2",
        "factor",
        "leaves_90",
    }


def test_diagnostics_say_how_a_fit_was_judged(result):
    keys = {"rhat_max", "ess_min", "divergences", "k_hat", "converged"}
    assert all(set(model["diagnostics"]) == keys for model in result["models"].values())


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"series": "cpu_clock"}, "A series is what forecasts.load returns, got 'cpu_clock'"),
        ({"as_of": "2999"}, "as_of must not lie in the future, got 2999-12-31"),
        ({"horizon": 0.5}, "The horizon is a number of years, at least 1, got 0.5"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(asked, message):
    with pytest.raises(InputError, match=message):
        compare(**{"series": load("cpu_clock"), **asked})


def test_the_answer_without_stops_has_weights_of_its_own(then):
    fits = {**then.fits, **then.without_stop}
    weights = model_weights(lfo_scores(fits), dict.fromkeys(fits, True))

    expected = sum(weights[name] * one.plateaus[0].p_already for name, one in fits.items())

    assert then.plateaus_without_stop[0].p_already == pytest.approx(expected)
    assert weights["piecewise"] != pytest.approx(then.weights["piecewise"], abs=1e-3)


class Rough(Fit):
    """A fit that did not pass the gate."""

    converged = False


def rough(fit):
    return Rough(**{field.name: getattr(fit, field.name) for field in dataclasses.fields(fit)})


def test_where_only_refits_fail_the_answer_without_stops_is_withheld(then):
    others = {name: rough(fit) for name, fit in then.fits.items()}
    alone = dataclasses.replace(
        then,
        fits=others | {"piecewise": then.fits["piecewise"]},
        without_stop={name: rough(fit) for name, fit in then.without_stop.items()},
    )

    low, half = alone.plateaus_without_stop

    assert alone.plateaus[0].refused is None
    assert "piecewise and bend shape did not pass" in low.refused
    assert half.refused == low.refused


def test_the_three_parts_add_up_to_one(result):
    for plateau in plateaus(result):
        parts = [plateau[key] for key in ("p_already", "p_future", "p_none_within_horizon")]
        assert sum(parts) == pytest.approx(1.0, abs=1e-9)


def test_p_by_rises_from_the_first_row_to_the_horizon(result):
    for plateau in plateaus(result):
        by = list(plateau["p_by"].values())
        assert by == [plateau["p_by"][str(y)] for y in range(1971, 2034)]
        assert all(a <= b + 1e-12 for a, b in itertools.pairwise(by))


def test_p_already_is_the_share_of_dates_up_to_as_of(result):
    assert result["plateau"]["p_by"]["2002"] <= result["plateau"]["p_already"] + 1e-12
    assert result["plateau"]["p_already"] <= result["plateau"]["p_by"]["2003"] + 1e-12


def test_quantiles_are_iso_dates_or_null(result):
    for plateau in plateaus(result):
        known = [q for q in plateau["quantiles"].values() if q is not None]
        assert [date.fromisoformat(q) for q in known] == sorted(map(date.fromisoformat, known))


def test_forecast_has_one_row_a_year_with_ordered_quantiles(result):
    rows = result["forecast"]
    assert [row["date"] for row in rows[:2]] == ["2004-01-01", "2005-01-01"]
    assert len(rows) == 30
    for row in rows:
        for values in (row["naive"], row["averaged"], *row["models"].values()):
            assert list(values) == list(LEVELS)
            assert list(values.values()) == sorted(values.values())


def test_weights_of_shapes_that_can_plateau_add_up_to_one(result):
    weights = {name: model["weight"] for name, model in result["models"].items()}
    assert weights["exponential"] == 0
    assert sum(weights.values()) == pytest.approx(1.0)


def test_a_fit_that_did_not_converge_has_no_weight_and_the_others_renormalise():
    evidence = {"exponential": 0.0, "piecewise": -3.0, "logistic": -1.0}

    weights = model_weights(evidence, {"exponential": True, "piecewise": True, "logistic": False})

    assert weights == {"exponential": 0.0, "piecewise": 1.0, "logistic": None}


def test_a_shape_that_fits_badly_loses():
    evidence = {"exponential": 0.0, "piecewise": -3.0, "logistic": -23.0}

    weights = model_weights(evidence, dict.fromkeys(evidence, True))

    assert weights["piecewise"] > 1 - 1e-8


def test_quantiles_of_a_falling_series_ascend_in_its_own_unit():
    series = load("llm_price")

    found = quantiles(np.linspace(0.0, 1.0, 101), np.full(101, 1 / 101), series)

    assert found["q05"] == pytest.approx(np.exp(-0.95))
    assert list(found.values()) == sorted(found.values())


def test_a_higher_hazard_never_lowers_the_chance_of_a_plateau(result):
    rows = result["sensitivity"]["hazards"]
    ended = [row["p_already"] + row["p_future"] for row in rows]
    hazards = [row["hazard"] for row in rows]
    used = result["sensitivity"]["hazard"]["used"]
    assert set(hazards) == {0.005, 0.01, 0.02, 0.04, used}
    assert hazards == sorted(hazards)
    assert ended == sorted(ended)
    # Reweighting to the hazard that was fitted must change nothing.
    assert ended[hazards.index(used)] == pytest.approx(
        result["plateau"]["p_already"] + result["plateau"]["p_future"], abs=1e-12
    )


def test_sensitivity_says_what_is_data_and_what_is_prior(result):
    told = result["sensitivity"]

    assert set(told) == {
        "sentence", "verdict", "hazards", "hazard", "camps", "prior", "information_bits",
        "power_scaling",
    }  # fmt: skip
    assert set(told["camps"]) == {"sceptic", "extrapolator", "gott", "never"}
    for block in (told["prior"], *told["camps"].values()):
        parts = [block[key] for key in ("p_already", "p_future", "p_none_within_horizon")]
        assert sum(parts) == pytest.approx(1.0, abs=1e-9)
    # How much the rows say is near the threshold; that beliefs decide is not.
    assert told["verdict"] in ("prior", "both")
    assert told["power_scaling"]["prior"] > told["power_scaling"]["likelihood"]
    assert told["power_scaling"]["diagnosis"] != "likelihood"
    assert 0 < told["information_bits"] < 1
    assert "you are reading the prior" in told["sentence"]


def test_relatives_are_cut_at_an_earlier_as_of():
    now, then = load("llm_compute"), load("llm_compute").known_at("2022-12-31")

    assert [row["last"] > "2022-12-31" for row in naive_growths(now)] == [True] * 5
    assert all(row["last"] <= "2022-12-31" for row in naive_growths(then))


def test_same_seed_same_numbers_and_another_seed_others(then):
    from forecasts import compare

    again = compare(load("cpu_clock"), as_of="2003-01-01", seed=1).to_dict()
    other = compare(load("cpu_clock"), as_of="2003-01-01", seed=2).to_dict()

    assert again["forecast"] == then.to_dict()["forecast"]
    assert again["plateau"] == then.to_dict()["plateau"]
    assert other["forecast"] != then.to_dict()["forecast"]


def test_saved_draws_are_read_by_arviz(then, tmp_path):
    import arviz as az
    import zarr

    from forecasts.storage import save

    path = save(then, tmp_path / "draws.zip")

    tree = az.from_zarr(zarr.storage.ZipStore(path, mode="r"))
    assert {"chain", "draw"} <= set(tree["posterior"].dims)
    assert tree["piecewise/posterior/forecast"].shape == (4, 700, 30)
    assert tree.attrs["data_sha256"] == then.series.data_sha256
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("horizon", [0.5, -3.0, float("nan")])
def test_a_horizon_under_a_year_is_refused_before_anything_is_fitted(monkeypatch, horizon):
    for name in ("fit", "fit_quickly"):
        monkeypatch.setattr(comparison, name, lambda *_, **__: pytest.fail("fitted"))

    with pytest.raises(InputError, match="at least 1"):
        compare(load("fl_dram"), horizon=horizon)


@pytest.mark.parametrize("passed", [(), ("exponential",)])
def test_without_a_shape_that_may_plateau_the_average_is_withheld(then, passed):
    nothing = dataclasses.replace(
        then,
        fits=failing(then.fits, but=passed),
        without_stop=failing(then.without_stop),
    )

    told = nothing.to_dict()["plateau"]

    assert {p.refused for p in nothing.plateaus} == {told["refused"]} == {NOTHING_LEFT}
    assert told["p_already"] is None
    assert "did not pass" in told["without_stop"]["refused"]
    assert told["without_stop"]["p_already"] is None
    for withheld in (lambda: nothing.averaged_forecast, lambda: charts.hazards(nothing)):
        with pytest.raises(ConvergenceError, match="nothing to average"):
            withheld()


@pytest.mark.parametrize("passes", [True, False])
def test_importance_sampling_takes_over_where_nuts_fails(monkeypatch, passes):
    series, shape = load("fl_dram").known_at("1985"), SHAPES["exponential"]
    asked = {"population": population_of(series.card), "horizon": 30.0, "seed": 1}
    failed, other = SimpleNamespace(converged=False), SimpleNamespace(converged=passes)
    monkeypatch.setattr(comparison, "fit", lambda *_, **how: failed if how == asked else None)
    monkeypatch.setattr(
        comparison, "fit_quickly",
        lambda *_, **how: other if how == {**asked, "fallback": False} else None,
    )  # fmt: skip

    assert comparison._fitted(series, shape, **asked) is (other if passes else failed)
