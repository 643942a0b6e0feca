"""The essay's nine claims, each examined with data, each ending in a verdict by a stated rule."""

from forecasts.essay.claims import CLAIMS
from forecasts.essay.rule import Claim, Finding, Verdict

__all__ = ["CLAIMS", "Claim", "Finding", "Verdict"]
