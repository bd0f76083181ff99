"""What runs where the model runs: standard library only, imports nothing of the platform."""
