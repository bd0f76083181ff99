"""What runs where the model runs: standard library only."""
