"""The logarithm of the native loops against the library's."""

from __future__ import annotations

import numpy as np

from solvers.kernel import vector_kernel
from solvers.slot.logarithm import log1p_and_share, rough_log1p


@vector_kernel
def over(u: np.ndarray, log: np.ndarray, share: np.ndarray, rough: np.ndarray) -> None:
    for i in range(len(u)):
        log[i], share[i] = log1p_and_share(u[i])
        rough[i] = rough_log1p(u[i])


def test_it_is_the_logarithm_from_nothing_to_the_greatest_number() -> None:
    exponents = np.random.default_rng(0).uniform(-300, 300, 20_000)
    ends = [0.0, 5e-324, np.finfo(float).eps, 2**0.5 - 1, 1.0, np.finfo(float).max]
    u = np.concatenate([10.0**exponents, 10.0 ** (exponents / 100), ends])
    log, share, rough = (np.empty_like(u) for _ in range(3))
    over(u, log, share, rough)
    np.testing.assert_allclose(log, np.log1p(u), rtol=2e-15, atol=0)
    np.testing.assert_allclose(share, u / (1 + u), rtol=1e-15, atol=0)
    np.testing.assert_allclose(rough, np.log1p(u), rtol=0, atol=0.07)
