"""Which addresses a call may go to: a URL in a configuration must not open what is inside.

A name is resolved once for each call, all its addresses are judged, and the connection goes to
the very address that was judged: a name that changes its mind in between gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket

from prodiguer import ProdiguerError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_INSIDE = ("localhost", ".localhost", ".local", ".internal")
#: Inside, though Python takes them for global, or did: of a site or a provider, or of nobody.
_SITES = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "168.63.129.16", "64:ff9b:1::/48", "fec0::/10", "3fff::/20", "5f00::/16"),
    )
)
#: IPv6 addresses whose last four bytes are the IPv4 address that they lead to, besides those that
#: Python knows: NAT64, the same within a site, translated ones, and those once called compatible.
_CARRIERS = tuple(
    map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96"))
)
#: The four bytes before an IPv4 address that is reached by a tunnel (ISATAP); two bits may differ.
_TUNNEL, _TUNNEL_MASK = 0x0000_5EFE, 0xFCFF_FFFF


def check_literal(host: str, *, private: bool) -> str:
    """Why a host cannot be called, as far as can be told without asking anybody; empty: it can.

    An address may be spelled in many ways (``127.1``, ``0x7f000001``, ``017700000001``): it is
    read as the system would read it.
    """
    if not private and (host in _INSIDE or host.endswith(_INSIDE[1:])):
        return f"{host} is this machine or its neighbour: `allow_private` would permit it"
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return ""  # a name: it is resolved at each call
    return next(filter(None, (_refusal(entry[4][0], private=private) for entry in found)), "")


def resolve(host: str, port: int, *, private: bool) -> str:
    """The address to connect to.

    Raises:
        OSError: the name cannot be resolved now.
        ProdiguerError: one of its addresses is none that may be called.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if why := _refusal(address, private=private):
            raise ProdiguerError(f"apps.webhook.url: {why}")
    return addresses[0]


def _refusal(text: str | int, *, private: bool) -> str:
    outer = ipaddress.ip_address(str(text).partition("%")[0])
    address = _innermost(outer)
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return f"{address} is no address of a receiver"
    outside = address.is_global and not any(a in site for a in (outer, address) for site in _SITES)
    if not (outside or private):
        return f"{address} is inside: `allow_private = true` would permit it"
    return ""


def _innermost(address: Address) -> Address:
    """What an address that carries another one leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is not None or address.is_unspecified or address.is_loopback:
        return inner or address
    tunnel = (int(address) >> 32) & _TUNNEL_MASK == _TUNNEL
    if tunnel or any(address in carrier for carrier in _CARRIERS):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address
