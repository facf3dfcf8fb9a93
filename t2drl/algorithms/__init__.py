"""The algorithms: double DQN, D3PG, their networks and actors, and the amender of raw actions."""
