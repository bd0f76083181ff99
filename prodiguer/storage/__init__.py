"""Databases, reached by a URL."""
