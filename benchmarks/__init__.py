"""What the platform must be quick at, measured beside limits and peers."""
