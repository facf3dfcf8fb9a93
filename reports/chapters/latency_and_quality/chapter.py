"""The chapter on latency and quality, a plot on the page."""

from __future__ import annotations

from reports.chapters.chapter import Chapter
from reports.chapters.latency_and_quality.plot import plot
from reports.study.study import Study

FIGURE = None
TABLES = ()


def chapter(study: Study) -> Chapter:
    """The chapter."""
    return Chapter("latency-quality", None, [plot(study.summary)])
