"""The chapter on timescales, a plot on the page: the gap of every solver, split between caching and allocation."""

from __future__ import annotations

from reports.chapters.chapter import Chapter
from reports.chapters.timescales.measure import losses
from reports.chapters.timescales.plot import plot
from reports.study.selection import in_detail
from reports.study.study import Study

FIGURE = None
TABLES = ()


def chapter(study: Study) -> Chapter:
    """The chapter, over the instances that the page holds in detail."""
    return Chapter("timescales", None, [plot(losses(study, in_detail(study)))])
