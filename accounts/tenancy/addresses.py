"""Which servers may be called at addresses that somebody typed: never those inside our own walls."""

import ipaddress
import socket
from typing import Any

from django.conf import settings

# Public by the book, private in practice: NAT64, 6to4, Azure's host, Oracle's metadata.
_NOT_FOR_US = tuple(
    ipaddress.ip_network(one)
    for one in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "3fff::/20", "5f00::/16", "ff00::/8"),
        *("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4"),
    )
)


class Inside(OSError):
    """The name leads into a private network, or nowhere."""


def public(host: str, port: int) -> str:
    """The one address to connect to, looked up once: what was checked is what is called. Raises Inside.

    Addresses in PRIVATE_NETWORKS_ALLOWED count as public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Inside(f"There is no server called {host}.") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_allowed(one) or _is_public(one) for one in addresses):
        raise Inside(f"{host} leads into a private network.")
    return addresses[0]


def is_allowed(text: str) -> bool:
    """Whether the operator has opened the private network of this address."""
    return any(_read(text) in ipaddress.ip_network(one) for one in settings.PRIVATE_NETWORKS_ALLOWED)


def _is_public(text: str) -> bool:
    address = _read(text)
    return bool(address.is_global) and not any(address in network for network in _NOT_FOR_US)


def _read(text: str) -> Any:
    address: Any = ipaddress.ip_address(text.partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address
