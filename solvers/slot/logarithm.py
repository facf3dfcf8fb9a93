"""ln(1 + u) without branches, so that a compiled loop over an array runs on the processor's vector units.

The library's ``log1p`` is a call for every number, at several times the cost. Here 1 + u is split by
its bits into 2^k m with m in [sqrt(1/2), sqrt(2)), and ln m = 2 artanh s with s = (m - 1)/(m + 1), whose
series ends below the last bit (Abramowitz and Stegun, 4.1.28: |s| <= 0.1716).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from solvers.kernel import vector_kernel

_HALF_ROOT = np.uint64(np.float64(math.sqrt(0.5)).view(np.uint64))
_ONE = np.uint64(np.float64(1.0).view(np.uint64))
_TWO_52 = 2.0**52
_TWO_52_BITS = np.uint64(np.float64(_TWO_52).view(np.uint64))
_MANTISSA = np.uint64(52)
_LN2 = math.log(2.0)


def _to_bits(typing_context: Any, value: Any) -> Any:
    """The bits of a float64 as uint64."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.uint64(types.float64), code


def _from_bits(typing_context: Any, bits: Any) -> Any:
    """The float64 of these bits."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.uint64), code


_bits: Any = intrinsic(_to_bits)
_number: Any = intrinsic(_from_bits)


@vector_kernel
def log1p_and_share(u: float) -> tuple[float, float]:
    """ln(1 + u) to about 4e-16, relatively, and u / (1 + u), for finite u >= 0."""
    y = 1.0 + u
    bits = _bits(y)
    exponent = (bits - _HALF_ROOT) >> _MANTISSA
    m = _number(bits - (exponent << _MANTISSA))
    k = _number(exponent | _TWO_52_BITS) - _TWO_52
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    series = 1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 + z * (1 / 19))))
    series = 1.0 + z * (1 / 3 + z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * series))))
    part = 1.0 / y
    lost = u - (y - 1.0)
    return k * _LN2 + 2.0 * s * series + lost * part, u * part


@vector_kernel
def rough_log1p(u: float) -> float:
    """ln(1 + u) to about 0.06, absolutely, for finite u >= 0: its bits read as a number."""
    bits = _bits(1.0 + u)
    exponent = (bits - _ONE) >> _MANTISSA
    m = _number(bits - (exponent << _MANTISSA))
    k = _number(exponent | _TWO_52_BITS) - _TWO_52
    return (k + m - 1.0) * _LN2
