"""The doors by which messages come in."""
