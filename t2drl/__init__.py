"""Who learns to answer it: T2DRL, a double DQN that caches and a diffusion actor that allocates. Needs torch."""

from problems.moved import install

install()
