"""The conformance kit: what every solver must do, whoever wrote it."""
