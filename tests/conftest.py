"""What several test modules share: answers that take seconds are made once a session."""

import dataclasses
import functools

import pytest

SEED = 1


@pytest.fixture(scope="session")
def answers():
    """A function (id, as_of, card fields to change) -> Comparison that remembers what it made."""
    from forecasts import compare, load

    @functools.cache
    def answer(name, as_of=None, **changes):
        series = load(name)
        if changes:
            card = dataclasses.replace(series.card, **changes)
            series = dataclasses.replace(series, card=card, as_of=card.observed_through)
        return compare(series, as_of=as_of, seed=SEED)

    return answer
