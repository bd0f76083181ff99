"""The settings of the platform: what there is (`sections`) and where it comes from (`load`)."""

from prodiguer.config.load import Loaded, load
from prodiguer.config.sections import (
    BrokerSettings,
    DatabaseSettings,
    SendSettings,
    Settings,
    SmtpSettings,
    WebSettings,
)

__all__ = [
    "BrokerSettings",
    "DatabaseSettings",
    "Loaded",
    "SendSettings",
    "Settings",
    "SmtpSettings",
    "WebSettings",
    "load",
]
