"""Writes the reference values that the tests of io.rackmark.runner.stats compare with.

    pip install -r requirements.txt
    python make.py > ../../runner/src/test/resources/io/rackmark/runner/stats/reference.json
"""

import json

import numpy as np
from scipy import stats

RESAMPLES = 100_000


def bca(samples, statistic, paired=None):
    data = (samples,) if paired is None else (samples, paired)
    function = statistic if paired is None else (
        lambda a, b, axis: statistic(a, axis=axis) - statistic(b, axis=axis))
    result = stats.bootstrap(data, function, n_resamples=RESAMPLES, batch=5_000, vectorized=True,
                             paired=paired is not None, method="BCa",
                             random_state=np.random.default_rng(7))
    ends = result.confidence_interval
    return {"low": ends.low, "high": ends.high}


def cohen(a, b):
    pooled = ((len(a) - 1) * np.var(a, ddof=1) + (len(b) - 1) * np.var(b, ddof=1)) / (
        len(a) + len(b) - 2)
    return (np.mean(a) - np.mean(b)) / np.sqrt(pooled)


def main():
    random = np.random.default_rng(20261123)
    a = np.round(random.lognormal(4.0, 0.5, 60), 6)
    b = np.round(a * random.lognormal(0.1, 0.2, 60), 6)
    short = np.round(random.normal(70, 9, 17), 6)
    large = np.round(random.exponential(10, 700), 6)
    welch = stats.ttest_ind(a, short, equal_var=False)
    interval = welch.confidence_interval(0.95)
    print(json.dumps({
        "a": a.tolist(), "b": b.tolist(), "short": short.tolist(), "large": large.tolist(),
        "percentiles": {f"P{p}": float(np.percentile(large, p)) for p in (50, 75, 90, 95, 99)},
        "wilson": [
            {"k": k, "n": n,
             "low": stats.binomtest(k, n).proportion_ci(0.95, "wilson").low,
             "high": stats.binomtest(k, n).proportion_ci(0.95, "wilson").high}
            for k, n in ((0, 25), (1, 25), (13, 25), (24, 25), (25, 25), (170, 200))],
        "bca": {
            "mean": bca(a, np.mean), "median": bca(a, np.median),
            "pairedMean": bca(a, np.mean, b), "pairedMedian": bca(a, np.median, b)},
        "mcnemar": [
            {"onlyA": x, "onlyB": y, "p": stats.binomtest(min(x, y), x + y, 0.5).pvalue}
            for x, y in ((1, 9), (3, 3), (0, 6), (12, 31), (5, 4))],
        "welch": {"difference": float(a.mean() - short.mean()), "p": welch.pvalue,
                  "low": interval.low, "high": interval.high, "d": cohen(a, short)},
        "variation": float(np.std(short, ddof=1) / np.mean(short)),
    }, indent=1))


if __name__ == "__main__":
    main()
