"""What solvers reach while one parameter of the setting is changed."""
