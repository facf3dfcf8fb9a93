"""Which limits there can be, and the variables that keep libraries to one thread."""

from __future__ import annotations

GB = 10**9
MOST_MEMORY_GB, MOST_CPU_S = 10**6, 10**9
"""The largest limits: more is no limit, and the system's own numbers end not far above."""

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
)
"""Set to 1 before a library is imported, each keeps to one thread."""
