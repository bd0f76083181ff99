"""Doors: what comes in from outside is made durable here, then decoded and published."""
