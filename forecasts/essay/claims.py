"""The nine claims of the essay "AI scaling myths" in our own words, and how each is examined.

Narayanan and Kapoor (2024), on the blog of the book *AI Snake Oil*. The rules stand here, before
any number; the modules beside this one apply them.
"""

from forecasts.essay.rule import Claim, Question

_P95 = "Supported if its probability is 95 % or more, not supported if it is 5 % or less."
#: Years after the as-of date that count as near.
NEAR = 10
#: Years before the earliest date at which a stop may have begun, at which its eve is.
EVE = 1.0
#: Rise of a probability that counts as a clue.
CLUE = 0.10
#: Camps that differ by less than this say the same.
APART = 0.20
#: A ratio of the essay holds when the data give it to within this factor.
CLOSE = 1.25
#: Far less than something: under this share of it.
FAR_LESS = 0.5
#: A curve looks abrupt when its steepest tenth holds this many times more of the rise.
SHARPER = 2.0
#: Fewer series than this cannot speak for trends in general.
LEAST_SERIES = 10
#: A trend that looks regular: over this many powers of ten, its growth known to this factor.
ORDERS, KNOWN_TO = 3.0, 1.25

CLAIMS: dict[int, Claim] = {
    claim.number: claim
    for claim in (
        Claim(
            1,
            "No exponential continues for ever, but when a trend plateaus is hard to say, above "
            "all when growth stops abruptly. The trend line holds no clue that it is coming.",
            (
                Question(
                    "Did the line hold no clue?",
                    "The eve of a stop is the last date in the backtest that lies a year or more "
                    "before the earliest at which it may have begun (the 5 % end of the date now "
                    "believed). Take the probability then of a plateau, come already or within 30 "
                    "years, minus its median at all earlier dates. Supported if "
                    f"the 90 % interval of the mean rise over the stops lies below {CLUE:.2f}, not "
                    "supported if it lies above; fewer than three stops cannot tell.",
                ),
                Question(
                    "Did growth stop abruptly?",
                    "Abrupt: growth passes from 90 to 10 % in under a third of the time that a "
                    "logistic takes. Asked of every stop; supported if the probability is 95 % or "
                    "more for all, not supported if it is 5 % or less for all.",
                ),
            ),
            "whether any exponential can go on for ever: no finite series can show that.",
        ),
        Claim(
            2,
            "CPU clock speed grew exponentially and stopped in the 2000s, when makers stopped "
            "competing on it.",
            (
                Question("Has it stopped?", _P95),
                Question("Was it in the 2000s?", f"The stop lies in 2000 to 2009. {_P95}"),
                Question("Did transistors go on?", f"They have not plateaued. {_P95}"),
            ),
            "why the makers stopped: motives are not in the series.",
        ),
        Claim(
            3,
            "Airspeed records rose and stopped in the 1970s; the record of 1976 still stands.",
            (
                Question("Have they stopped?", _P95),
                Question("Did growth end in the 1970s?", f"The stop lies in 1970 to 1979. {_P95}"),
                Question(
                    "Is it the silence that says so?",
                    "P(already) as of today minus P(already) as of the last record. Supported from "
                    f"{APART:.2f} on, not supported up to 0, otherwise untold.",
                ),
            ),
            "that fuel economy ended it: costs are not in the series.",
        ),
        Claim(
            4,
            "Scaling has looked predictable over orders of magnitude. It may go on for orders of "
            "magnitude, or be over already: that is not in the curve.",
            (
                Question(
                    "Is it not in the curve?",
                    f"P(plateau by the end of the year {NEAR} years on), as the sceptic has it, as "
                    "the neutral answer has it, and as the extrapolator has it. Supported if they "
                    f"lie {APART:.2f} or more apart, not supported if all are at 95 % or more, or "
                    "all at 5 % or less.",
                ),
                Question("Is it over already?", _P95),
                Question(
                    "Has it looked predictable?",
                    f"Rows over {ORDERS:.0f} powers of ten or more, and the 90 % interval of the "
                    f"naive yearly growth within a factor {KNOWN_TO} of its middle: supported. "
                    "Neither: not supported.",
                ),
            ),
            "the business decision behind the next model.",
        ),
        Claim(
            5,
            "Training data are near their limit. More can be had at rising cost, but YouTube's 150 "
            "billion minutes come to far less than Llama 3's 15 trillion tokens.",
            (
                Question(
                    "Does demand meet the stock soon?",
                    f"The largest training set reaches the stock of public text within {NEAR} "
                    f"years. {_P95}",
                ),
                Question(
                    "Is YouTube worth far less than 15 trillion tokens?",
                    f"Far less: under half. {_P95}",
                ),
            ),
            "rising cost, and whether synthetic data add volume or fill gaps: there is no series.",
        ),
        Claim(
            6,
            "Models get smaller at a given ability; price is a proxy for size. The largest model "
            "is no longer the best one.",
            (
                Question(
                    "Are models smaller at a given ability?",
                    "Log parameters on MMLU and date: supported if the 90 % interval of the yearly "
                    "factor lies below 1, not supported if it lies above.",
                ),
                Question("Are they cheaper at a given ability?", "The same with list price."),
                Question(
                    "Is the largest not the best?",
                    "Of the models of known size: supported if the best has under half the "
                    "parameters of the largest, not supported if it is the largest.",
                ),
                Question(
                    "Do the essay's price ratios hold?",
                    f"Each to within a factor {CLOSE} on list prices, and better where it says so. "
                    "Supported if all hold, not supported if none does.",
                ),
            ),
            "sizes of models whose makers do not tell, which are most of the newest.",
        ),
        Claim(
            7,
            "Smaller models are trained for longer, so compute rises even as size falls.",
            (
                Question(
                    "Are models trained for longer at their size?",
                    "Naive growth of tokens per parameter since 2020: supported if its 90 % "
                    "interval lies above 1, not supported if it lies below.",
                ),
                Question(
                    "Does training compute keep rising?",
                    "The same of training compute since 2020.",
                ),
                Question(
                    "Did Llama 3 8B take 20 times the compute of the first 7B?",
                    f"Supported if the data give it to within a factor {CLOSE}.",
                ),
            ),
            "that GPT-3.5 and GPT-4 were under-trained for what they served: no figures of use.",
        ),
        Claim(
            8,
            "Scaling laws predict perplexity, not abilities. Whether an ability looks like a jump "
            "or like a slope depends on the metric chosen.",
            (
                Question(
                    "Does the metric decide whether it looks like a jump?",
                    "One simulated ability, scored by share of steps right and by a pass mark. "
                    "Supported if, over repeated tests, the 90 % interval of how much sharper the "
                    f"second rises lies above {SHARPER:.0f}, not supported if below.",
                ),
                Question(
                    "Will a real benchmark end because its scale ends?",
                    f"GPQA Diamond plateaus on its score within {NEAR} years. {_P95}",
                ),
            ),
            "whether abilities follow a law: no series here holds perplexity and ability together.",
        ),
        Claim(
            9,
            "The field was bad at saying how far a paradigm would go. Forecasts such as AGI by "
            "2027 are trend lines extended.",
            (
                Question(
                    "Was trend-line extrapolation overconfident?",
                    "How often the naive line's 90 % interval held what came, at the longest "
                    "horizon. Supported if the 90 % interval (bootstrap error over families of "
                    "series) lies below 0.90, not supported if it lies at it or above; fewer than "
                    f"{LEAST_SERIES} series cannot tell.",
                ),
                Question(
                    "Does allowing for changes do better?",
                    "Score of the average minus that of the line, same cells. Supported if its "
                    "90 % interval lies below 0, not supported if above; the same holds of few "
                    "series.",
                ),
            ),
            "AGI: it has no series, and what people said of it is not in these data.",
        ),
    )
}
