import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.logit import LogitScale, rounding_unit

SCALES = [LogitScale(0.0, 100.0, 1, 1.0), LogitScale(25.0, 100.0, -1, 0.1)]


@pytest.mark.parametrize(
    ("values", "maximum", "unit"),
    [
        ([10, 12, 13], 100, 1),
        ([0, 100, 37], 100, 1),
        ([10, 20], 100, 10),
        ([0, 100], 100, 10),
        ([35.7, 36, 31.5], 100, 0.1),
        ([97, 97.5, 99], 100, 0.5),
        ([97, 97.5, 99] * 6 + [98.6], 100, 0.5),
        ([97, 97.5, 98.6], 100, 0.1),
        ([71.67, 70], 100, 0.01),
        ([0.12, 0.5], 1, 0.01),
        ([7, 13], 20, 1),
        ([100 / 3], 100, 1e-5),
    ],
)
def test_unit_is_the_coarsest_that_fits_nine_figures_in_ten(values, maximum, unit):
    assert rounding_unit(values, floor=0, maximum=maximum) == pytest.approx(unit)


def test_figure_is_what_would_be_published():
    scale = LogitScale(0.0, 100.0, 1, 0.5)

    assert scale.figure([0.1, 37.3, 99.9, 99.7]) == pytest.approx([0.0, 37.5, 100.0, 99.5])
    assert scale.figure(scale.from_y(scale.to_y(100.0))) == 100.0


@pytest.mark.parametrize("unit", [0.05, 0.1, 0.5, 1.0, 5.0])
def test_a_figure_is_its_own_figure_to_the_last_bit(unit):
    scale = LogitScale(0.0, 100.0, 1, unit)
    published = [float(f"{k * unit:.2f}") for k in range(int(100 / unit) + 1)]

    assert scale.figure(published).tolist() == published


def test_unit_is_at_most_a_tenth_of_what_lies_above_the_floor():
    assert rounding_unit([100], floor=99, maximum=100) == pytest.approx(0.1)


@pytest.mark.parametrize("scale", SCALES)
def test_rounding_sd_is_that_of_rounded_values(scale):
    rng = np.random.default_rng(1)
    for value in (40.0, 97.0):
        before = value + scale.unit * rng.uniform(-0.5, 0.5, 20_000)

        # 1 % for the simulation, and the curvature of the logit at 97.
        assert scale.to_y(before).std() == pytest.approx(scale.rounding_sd(value), rel=0.03)


@pytest.mark.parametrize("scale", SCALES)
def test_bounds_are_finite_and_far_logits_stay_inside(scale):
    assert np.isfinite(scale.to_y([scale.floor, scale.maximum])).all()
    assert np.isfinite(scale.rounding_sd([scale.floor, scale.maximum])).all()
    far = scale.from_y([-1e9, 1e9])
    assert (far > 0).all()
    assert (far <= scale.maximum).all()
    assert (far >= scale.floor).all()


@settings(max_examples=25, deadline=None)
@given(st.floats(-30, 30), st.sampled_from(SCALES))
def test_log_value_is_the_log_of_the_fraction(y, scale):
    part = 1 / (1 + np.exp(-scale.sign * y))

    assert scale.log_value(y) == pytest.approx(scale.sign * np.log(part), rel=1e-9)
