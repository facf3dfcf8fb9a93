"""What the machine tells and enforces: limits, versions, clocks."""
