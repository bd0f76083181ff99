"""What the doors must know of an address."""

from __future__ import annotations

import ipaddress


def is_loopback(address: str) -> bool:
    """Whether nobody but this machine can reach an IP address; False for what is none.

    IPv6 may stand in brackets and name a zone.
    """
    try:
        return ipaddress.ip_address(address.strip("[]").partition("%")[0]).is_loopback
    except ValueError:
        return False
