"""Which seeds are judged, which validate and which train: of traces, and of a family's scenarios, alike.

Sampling is a pure function of the seeds, so that ranges apart are data apart: nobody is judged on what it was trained
on. What is judged has seeds below the first of these.
"""

from __future__ import annotations

VALIDATION_SEEDS = 900_000
"""Seeds from here on tell how a training goes, and decide nothing."""
TRAINING_SEEDS = 1_000_000
"""Seeds from here on are trained on."""
SEEDS_A_TRAINING = 10_000
"""The traces of the training with seed s have seeds from ``TRAINING_SEEDS`` plus s times this on."""
EPISODE_SEEDS = 1_000_000
"""The traces of Gymnasium's episodes are drawn from so many seeds, from ``TRAINING_SEEDS`` on."""
