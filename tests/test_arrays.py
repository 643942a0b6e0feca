import numpy as np
import pytest
from scipy.special import log_ndtr
from simulated import EVERY, WORLDS

from forecasts.arrays import numpy_namespace, pytensor_namespace
from forecasts.models import SHAPES
from forecasts.problem import pose
from forecasts.sample import build_model
from forecasts.scan import log_joint, scan
from forecasts.simulate import simulate


@pytest.mark.parametrize(("shape", "kind"), EVERY)
def test_graph_and_arrays_give_one_log_posterior(shape, kind):
    series = simulate(shape, kind, seed=3, world=WORLDS[shape, kind]).series
    scanned = scan(pose(SHAPES[shape], series, 30.0))
    z = 1.5 * np.random.default_rng(4).standard_normal((5, scanned.problem.size))

    model = build_model(scanned)
    # Without C: compiling would take longer than the comparison is worth.
    symbolic = model.compile_logp(mode="FAST_COMPILE")

    every = np.broadcast_to(np.arange(len(scanned.cells)), (len(z), len(scanned.cells)))
    ours = np.logaddexp.reduce(log_joint(scanned, z, every), axis=1)
    assert [symbolic({"z": row}) for row in z] == pytest.approx(ours, rel=1e-9)


def test_both_namespaces_have_the_same_names():
    assert set(vars(numpy_namespace())) == set(vars(pytensor_namespace()))


def test_symbolic_normal_tail_matches_scipy():
    import pytensor
    import pytensor.tensor as pt

    x = np.concatenate([np.linspace(-300, -12.5, 50), np.linspace(-12.5, 9, 200)])
    argument = pt.dvector("x")
    value = pytensor_namespace().log_ndtr(argument)
    both = pytensor.function(
        [argument], [value, pytensor.grad(value.sum(), argument)], mode="FAST_COMPILE"
    )

    ours, slope = both(x)

    # The series in the tail leaves out terms of order x ** -8: 105 / 12 ** 8 is 2e-7.
    np.testing.assert_allclose(ours, log_ndtr(x), rtol=1e-7, atol=1e-15)
    assert np.isfinite(slope).all()
    assert (slope > 0).all()
