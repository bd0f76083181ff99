"""Bad inputs: the doors that they are thrown at."""

from support.web_fixtures import _story, client, platform

__all__ = ["_story", "client", "platform"]
