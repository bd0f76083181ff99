"""Brokers, reached by a URL."""
