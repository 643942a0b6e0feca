"""Data and results computed elsewhere, as literals: what our own numbers are compared with.

Published data sets of public statistics courses and agencies; each carries its source, and each
result says whether it is certified, published or an exact calculation repeated for this project.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A certified non-linear least-squares fit."""

    source: str
    formula: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    parameters: tuple[float, ...]
    standard_errors: tuple[float, ...]
    residual_sd: float


@dataclass(frozen=True, kw_only=True)
class JoinedLines:
    """Posterior of two lines that meet at an unknown place, for one prior on the noise."""

    prior_on_noise: str
    change: float
    change_sd: float
    change_95: tuple[float, float]


# Certified by the US National Institute of Standards and Technology, Statistical Reference Datasets
# for non-linear regression, https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml (public
# domain). Data: D. Ratkowsky (1983), Nonlinear Regression Modeling, Marcel Dekker: pasture yield.
RAT42 = Curve(
    source="NIST StRD Rat42",
    formula="b1 / (1 + exp(b2 - b3 * x))",
    x=(9.0, 14.0, 21.0, 28.0, 42.0, 57.0, 63.0, 70.0, 79.0),
    y=(8.93, 10.80, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08),
    parameters=(72.462237576, 2.6180768402, 0.067359200066),
    standard_errors=(1.7340283401, 0.088295217536, 0.0034465663377),
    residual_sd=1.1587725499,
)

# As above: onion bulb growth. The curve is a logistic only when its fourth parameter is 1.
RAT43 = Curve(
    source="NIST StRD Rat43",
    formula="b1 / (1 + exp(b2 - b3 * x)) ** (1 / b4)",
    x=tuple(float(x) for x in range(1, 16)),
    y=(
        16.08, 33.83, 65.80, 97.20, 191.55, 326.20, 386.87, 520.53, 590.03, 651.92, 724.93,
        699.56, 689.96, 637.56, 717.41,
    ),
    parameters=(699.64151270, 5.2771253025, 0.75962938329, 1.2792483859),
    standard_errors=(16.302297817, 2.0828735829, 0.19566123451, 0.68761936385),
    residual_sd=28.262414662,
)  # fmt: skip

# Rat42 fitted to its first k rows by the same least squares: the ceiling is prior until the bend.
RAT42_CEILING_FROM_FIRST_ROWS = {4: 28.7, 5: 76.6, 6: 77.6, 7: 78.4, 8: 74.7, 9: 72.46}

# Log height of a stagnant surface layer against log flow rate: R. A. Cook's experiment in D. W.
# Bacon and D. G. Watts (1971), Estimating the transition between two intersecting straight lines,
# Biometrika 58, 525-534; analysed by Carlin, Gelfand and Smith (1992), Applied Statistics 41,
# 389-405, and in the second volume of the BUGS examples ("Stagnant").
STAGNANT_X = (
    -1.39, -1.39, -1.08, -1.08, -0.94, -0.80, -0.63, -0.63, -0.25, -0.25, -0.12, -0.12, 0.01,
    0.11, 0.11, 0.11, 0.25, 0.25, 0.34, 0.34, 0.44, 0.59, 0.70, 0.70, 0.85, 0.85, 0.99, 0.99,
    1.19,
)  # fmt: skip
STAGNANT_Y = (
    1.12, 1.12, 0.99, 1.03, 0.92, 0.90, 0.81, 0.83, 0.65, 0.67, 0.60, 0.59, 0.51, 0.44, 0.43,
    0.43, 0.33, 0.30, 0.25, 0.24, 0.13, -0.01, -0.13, -0.14, -0.30, -0.33, -0.46, -0.43, -0.65,
)  # fmt: skip
#: Uniform prior on the place of the change.
STAGNANT_CHANGE_RANGE = (-1.3, 1.1)

# y = level + slope * (x - change), one slope before and one after, flat priors on level and slopes.
# Exact quadrature; the second is the prior of the BUGS example, which prints 0.026 (0.032).
STAGNANT_SCALE_FREE = JoinedLines(
    prior_on_noise="p(sigma) proportional to 1 / sigma",
    change=0.0286,
    change_sd=0.0297,
    change_95=(-0.032, 0.082),
)
STAGNANT_BUGS = JoinedLines(
    prior_on_noise="1 / sigma ** 2 ~ Gamma(0.001, 0.001)",
    change=0.0282,
    change_sd=0.0330,
    change_95=(-0.0373, 0.0884),
)
#: Posterior mean and standard deviation under `STAGNANT_BUGS`.
STAGNANT_LEVEL = (0.5350, 0.0261)
STAGNANT_SLOPES = ((-0.4196, 0.0151), (-1.0139, 0.0176))
STAGNANT_SIGMA = 0.0221
