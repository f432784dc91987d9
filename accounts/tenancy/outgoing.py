"""Asking other servers by addresses that somebody typed: never inside our own walls, never inside a transaction."""

import socket
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db import connection as database
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from accounts.tenancy import addresses

TIMEOUT = (5, 10)
LARGEST_ANSWER = 1_000_000
_PORTS = (80, 443, 8443)


class Forbidden(requests.RequestException):
    """An address that leads inside, or that we do not call at all."""


def session() -> "OutgoingSession":
    """A session that calls only https addresses on the open internet, follows no redirect and ends in seconds.

    Addresses inside PRIVATE_NETWORKS_ALLOWED may also be called, by http too. Raises Forbidden (a RequestException).
    """
    return OutgoingSession()


def refuse_inside_transaction() -> None:
    """Raise RuntimeError inside atomic(); the blocks a TestCase wraps around every test are not counted."""
    if any(not getattr(block, "_from_testcase", False) for block in database.atomic_blocks):
        raise RuntimeError("Other servers are not asked inside a transaction: commit first.")


def reason(error: requests.RequestException) -> str:
    """Why nobody answered, in words for whoever typed the address."""
    cause = error.args[0] if error.args else error
    # requests wraps urllib3's error, which wraps ours: "<connection>: There is no server called ..."
    return str(getattr(cause, "reason", None) or error).rpartition(">: ")[2].rpartition("): ")[2]


class OutgoingSession(requests.Session):
    """See `session`."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.mount("https://", _PinnedAdapter())
        self.mount("http://", _PinnedAdapter())

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        refuse_inside_transaction()
        _check_form(str(url))
        kwargs |= {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
        response = super().request(method, url, *args, **kwargs)
        response._content = _read(response)
        return response


def _read(response: requests.Response) -> bytes:
    """The whole answer, at most a megabyte within ten seconds: one byte a second would keep us for ever."""
    content, ends = b"", time.monotonic() + TIMEOUT[1]
    with response:
        while piece := response.raw.read1(65_536, decode_content=True):
            content += piece
            if len(content) > LARGEST_ANSWER or time.monotonic() > ends:
                raise Forbidden("The answer is larger than a megabyte, or takes too long.")
    return content


def _check_form(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.password:
        raise Forbidden("Only plain https addresses are called.")
    if parts.scheme == "http" and not settings.PRIVATE_NETWORKS_ALLOWED:
        raise Forbidden("Only https addresses are called.")
    if not settings.PRIVATE_NETWORKS_ALLOWED and (parts.port or 443) not in _PORTS:
        raise Forbidden("Only the ports 443 and 8443 are called.")


def _address(host: str, port: int, *, encrypted: bool) -> str:
    """The one address to connect to. In the clear we call only what the operator has opened. Raises Inside."""
    address = addresses.public(host, port)
    if not encrypted and not addresses.is_allowed(address):
        raise addresses.Inside("Only https addresses are called.")
    return address


class _Pinned:
    """Connects to the address that was checked; the certificate is still asked for the name."""

    host: str
    port: int

    def _new_conn(self) -> socket.socket:
        try:
            self._dns_host = _address(self.host, self.port, encrypted=isinstance(self, HTTPSConnection))
        except addresses.Inside as error:
            raise NewConnectionError(self, str(error)) from error  # type: ignore[arg-type]  # mixed into a connection
        return super()._new_conn()  # type: ignore[misc]  # the same


class _PinnedHTTPConnection(_Pinned, HTTPConnection):
    pass


class _PinnedHTTPSConnection(_Pinned, HTTPSConnection):
    pass


class _PinnedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PinnedHTTPConnection


class _PinnedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PinnedHTTPSConnection


class _PinnedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PinnedHTTPPool, "https": _PinnedHTTPSPool}
