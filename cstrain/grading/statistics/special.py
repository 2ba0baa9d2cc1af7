"""Distributions that no exact number can give: incomplete beta, quantiles, binomial tails, an integral."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from statistics import NormalDist

_TINY = 1e-300
_CLOSE = 1e-15
_MOST_TERMS = 10_000
_HALVINGS = 200
_STEP = 1 / 32
_REACH = 6.0


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), a and b above 0.

    Continued fraction of DLMF 8.17.22 by the method of Lentz, on the side where it converges fast.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - ln_beta(a, b))
    if x < (a + 1) / (a + b + 2):
        return front / (a * _fraction(x, a, b))
    return 1 - front / (b * _fraction(1 - x, b, a))


def ln_beta(a: float, b: float) -> float:
    """Return the logarithm of the beta function."""
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _fraction(x: float, a: float, b: float) -> float:
    """Return 1 + d1/(1 + d2/(1 + …)): what divides the leading factor of the incomplete beta function."""
    value = upper = 1.0
    lower = 0.0
    for term in range(1, _MOST_TERMS):
        half, odd = divmod(term, 2)
        if odd:
            step = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            step = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        lower = 1 / ((1 + step * lower) or _TINY)
        upper = (1 + step / upper) or _TINY
        value *= upper * lower
        if abs(upper * lower - 1) < _CLOSE:
            return value
    raise ArithmeticError("the continued fraction does not settle")


def binomial_tail(least: int, trials: int, share: float) -> float:
    """Return P(X >= least) for X binomial with ``trials`` and the probability ``share``."""
    if least <= 0:
        return 1.0
    if least > trials:
        return 0.0
    return beta_cdf(share, least, trials - least + 1)


def f_quantile(probability: float, first: float, second: float) -> float:
    """Return the quantile of the F distribution with ``first`` and ``second`` degrees of freedom."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if beta_cdf(middle, first / 2, second / 2) < probability:
            low = middle
        else:
            high = middle
    return second * high / (first * (1 - high))


def t_quantile(probability: float, freedom: int) -> float:
    """Return the quantile (probability above 1/2) of Student's t: its square is F with 1 and ``freedom``."""
    return math.sqrt(f_quantile(2 * probability - 1, 1, freedom))


def normal_quantile(probability: float) -> float:
    """Return the quantile of the standard normal distribution."""
    return NormalDist().inv_cdf(probability)


@cache
def nodes() -> tuple[tuple[float, float, float], ...]:
    """Return places x in (0, 1), 1 - x, and weights; the sum of weight times f(x) is the integral of f.

    Tanh-sinh quadrature (Takahasi and Mori 1974): the ends are approached doubly exponentially, and x and
    1 - x are both exact to the last digit, so that x^(a-1) with a small positive a is integrated well.
    """
    return tuple(_each_node())


def _each_node() -> Iterator[tuple[float, float, float]]:
    count = round(_REACH / _STEP)
    for index in range(-count, count + 1):
        at = index * _STEP
        steep = math.pi * math.sinh(at)
        if abs(steep) > 690:
            continue
        near = 1 / (1 + math.exp(-steep))
        far = 1 / (1 + math.exp(steep))
        yield near, far, _STEP * math.pi * math.cosh(at) * near * far
