"""What is asked: scenarios, instances, the physics, the online protocol and the judge."""

from problems.moved import install

install()
