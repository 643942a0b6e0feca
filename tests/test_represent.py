"""A few cells stand for many: totals are kept, and over many draws every cell is met."""

import numpy as np
import pytest

from forecasts.models import Cells
from forecasts.represent import MOST_CELLS, represent
from forecasts.scan import Scan

EVIDENCE = np.log(np.random.default_rng(6).dirichlet(np.full(500, 0.3)))


def scan_of(evidence):
    """A scan of which only the dates and the evidence of its cells are looked at."""
    low = np.arange(float(len(evidence)))[:, None]
    cells = Cells(low, low + 1.0, np.ones((len(low), 2)))
    nothing = np.zeros(len(low))
    return Scan(None, cells, nothing, nothing, nothing, evidence)


def test_light_cells_are_represented_not_dropped():
    found = represent(scan_of(EVIDENCE))

    keep = found.choose(np.array([0.5]))[0]

    assert len(keep) == MOST_CELLS
    total = np.exp(EVIDENCE[keep] + found.raised[keep])
    # Systematic sampling: the total is right, and any stretch of dates to one threshold.
    assert total.sum() == pytest.approx(1)
    early = np.exp(EVIDENCE[:250]).sum()
    assert total[keep < 250].sum() == pytest.approx(early, abs=total.min() + 1e-9)


def test_over_many_draws_every_cell_gets_its_share():
    found = represent(scan_of(EVIDENCE))
    draws = 20_000

    choice = found.choose(np.random.default_rng(1).random(draws))

    mass = np.exp(EVIDENCE[choice] + found.raised[choice])
    share = np.bincount(choice.ravel(), mass.ravel(), minlength=500) / draws
    # A light cell is met with probability p = share / threshold <= 1: four binomial errors.
    assert share == pytest.approx(np.exp(EVIDENCE), abs=4 * 0.5 * mass.max() / np.sqrt(draws))
    np.testing.assert_allclose(mass.sum(1), 1.0)


def test_few_cells_are_all_kept():
    found = represent(scan_of(np.zeros(10)))

    assert found.choose(np.array([0.1, 0.9])).tolist() == [list(range(10))] * 2
    assert (found.raised == 0).all()
