"""Two namespaces with the same names: formulas are written once and run in NumPy and in PyTensor.

A curve or a likelihood takes ``xp`` and uses only what is listed here, so that the sampler's graph,
the scan and the forecast cannot drift apart (`tests/test_arrays.py` compares the two).
"""

from functools import cache, partial
from types import SimpleNamespace
from typing import Any

import numpy as np


def _fold_arrays(step: Any, state: tuple, rows: tuple) -> tuple:
    """Apply a step to every column of the rows in turn."""
    for column in range(rows[0].shape[1]):
        state = step(state, tuple(row[:, column] for row in rows))
    return state


#: Any array of either namespace: a NumPy array or a symbolic PyTensor variable.
Array = Any
#: Either namespace below.
Namespace = Any

#: Below this argument the normal log-cdf uses its asymptotic series; erfc is still exact above it.
_NORMAL_TAIL = -12.0


@cache
def numpy_namespace() -> SimpleNamespace:
    """Return the NumPy flavour of the functions that formulas may use."""
    from scipy.special import gammaln, log_ndtr

    return SimpleNamespace(
        exp=np.exp,
        expm1=np.expm1,
        log=np.log,
        log1p=np.log1p,
        sqrt=np.sqrt,
        abs=np.abs,
        sign=np.sign,
        tanh=np.tanh,
        arctan=np.arctan,
        maximum=np.maximum,
        minimum=np.minimum,
        logaddexp=np.logaddexp,
        softplus=partial(np.logaddexp, 0.0),
        gammaln=gammaln,
        log_ndtr=log_ndtr,
        fold=_fold_arrays,
    )


@cache
def pytensor_namespace() -> SimpleNamespace:
    """Return the PyTensor flavour of the functions that formulas may use."""
    import pytensor.tensor as pt

    def log_ndtr(x: Array) -> Array:
        # pm.logcdf costs up to 40 s to compile; erfc with a series in the tail costs none. Both
        # branches get a clipped argument, or the gradient of the unused one would be nan.
        body = pt.log(0.5 * pt.erfc(-pt.maximum(x, _NORMAL_TAIL) / np.sqrt(2.0)))
        far = pt.minimum(x, _NORMAL_TAIL)
        inverse = 1.0 / far**2
        series = pt.log1p(inverse * (-1.0 + inverse * (3.0 - 15.0 * inverse)))
        tail = -0.5 * far**2 - pt.log(-far) - 0.5 * np.log(2.0 * np.pi) + series
        return pt.where(x > _NORMAL_TAIL, body, tail)

    def fold(step: Any, state: tuple, rows: tuple) -> tuple:
        import pytensor

        def move(*given: Array) -> list[Array]:
            return list(step(given[len(rows) :], given[: len(rows)]))

        moved = pytensor.scan(
            move,
            sequences=[row.T for row in rows],
            outputs_info=list(state),
            return_updates=False,
        )
        return tuple(each[-1] for each in moved)

    return SimpleNamespace(
        exp=pt.exp,
        expm1=pt.expm1,
        log=pt.log,
        log1p=pt.log1p,
        sqrt=pt.sqrt,
        abs=pt.abs,
        sign=pt.sign,
        tanh=pt.tanh,
        arctan=pt.arctan,
        maximum=pt.maximum,
        minimum=pt.minimum,
        logaddexp=pt.logaddexp,
        softplus=pt.softplus,
        gammaln=pt.gammaln,
        log_ndtr=log_ndtr,
        fold=fold,
    )
