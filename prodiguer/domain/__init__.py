"""What a simulation is: pure functions over frozen values; no I/O, no clock, no randomness."""
