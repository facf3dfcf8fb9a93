"""What tells the story: from a store to tables, figures and one page."""

from problems.moved import install

install()
