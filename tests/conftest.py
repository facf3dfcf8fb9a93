"""What all tests share: a Hypothesis profile that finds the same examples every time, and an interrupt that works."""

from __future__ import annotations

import signal

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=40, database=None)
settings.load_profile("repeatable")

# A shell starts what it runs in the background with interrupts ignored, and so would be what tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
