"""Bytes to messages and back: keys, JSON, times, the catalog, mails."""
