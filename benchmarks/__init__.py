"""What quality asks for, measured beside limits and peers."""
