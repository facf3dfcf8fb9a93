"""How large a scenario fitted to a log is to be; apart from the fit, for a command that only names the defaults."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Extent:
    """How large the scenario is to be."""

    models: int = 10
    """M, the entry for all others included."""
    users: int = 30
    """N: so many that 3 % of the requests of GenTD26's first two weeks wait for a slot, none longer than two."""
    slots: int = 12
    """K: slots an hour."""
    frames: int = 168
    """T: a week of hours."""
    states: int = 3
    """J: as the drawn families have, by choice: on GenTD26's first two weeks Schwarz's criterion falls until 8."""
