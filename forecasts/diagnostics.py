"""The convergence gate: a fit passes it or is shown as failed, never anything between."""

from dataclasses import dataclass

import numpy as np

#: The gate: every sampled parameter, the log density, P(already) and the last forecast pass it.
RHAT_LIMIT, ESS_LIMIT = 1.01, 400.0
#: Pareto k-hat from which an importance sample is not trusted (Vehtari et al. 2024,
#: doi:10.48550/arXiv.1507.02646).
K_HAT_LIMIT = 0.7


@dataclass(frozen=True)
class Diagnostics:
    """Whether the draws can be trusted.

    Attributes
    ----------
    rhat_max : float
        Worst rank-normalised R-hat; nan for importance sampling, which has no chains.
    ess_min : float
        Worst of bulk and tail effective sample size; the effective number of weighted points.
    divergences : int
        Divergent transitions.
    k_hat : float
        Pareto tail of the importance weights; nan for NUTS.
    """

    rhat_max: float
    ess_min: float
    divergences: int
    k_hat: float = float("nan")

    @property
    def converged(self) -> bool:
        """Everything within the gate."""
        # A figure that the method does not have is nan, and nan exceeds no limit.
        bad = self.rhat_max > RHAT_LIMIT or self.k_hat >= K_HAT_LIMIT or self.divergences > 0
        return not bad and self.ess_min >= ESS_LIMIT

    def to_dict(self) -> dict:
        """Return the contract's `diagnostics` object."""
        return {
            "rhat_max": self.rhat_max,
            "ess_min": self.ess_min,
            "divergences": self.divergences,
            "k_hat": self.k_hat,
            "converged": self.converged,
        }


def diagnose(quantities: dict[str, np.ndarray], divergences: int) -> Diagnostics:
    """Judge (chain, draw, …) arrays by R-hat and effective sample size.

    A quantity that is the same in every draw (P(already) of an exponential) has nothing to mix.
    """
    import arviz as az

    moving = {name: x for name, x in quantities.items() if np.ptp(x) > 0}
    data = az.convert_to_dataset(moving)
    rhat = az.rhat(data)
    ess = [az.ess(data, method=method) for method in ("bulk", "tail")]
    return Diagnostics(
        rhat_max=max(float(rhat[name].max()) for name in moving),
        ess_min=min(float(e[name].min()) for e in ess for name in moving),
        divergences=divergences,
    )
