"""Tests at the HTTP door."""

from support.web_fixtures import _story, client, platform

__all__ = ["_story", "client", "platform"]
