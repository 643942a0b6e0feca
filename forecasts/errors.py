"""Every error that a reader of this package can meet.

Each inherits the package's base class and the built-in it resembles, so both kinds of ``except``
work. A message is one sentence: the rule, what came, what to do. The command line turns the class
into its exit status.
"""


class ForecastsError(Exception):
    """Base of all errors of this package."""

    exit_status = 1


class InputError(ForecastsError, ValueError):
    """A file, card, date or option breaks a stated rule."""

    exit_status = 2


class ConvergenceError(ForecastsError, RuntimeError):
    """A fit failed the convergence gate twice."""

    exit_status = 1
