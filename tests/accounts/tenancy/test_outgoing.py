"""Other servers are asked only on the open internet, by https, outside any transaction."""

import socket

import pytest
from django.db import transaction
from requests import RequestException

from accounts.tenancy import outgoing

INSIDE = """
127.0.0.1 127.1 2130706433 0x7f000001 0177.0.0.1 0 0.0.0.0 localhost [::1] [::] [::ffff:127.0.0.1]
[::ffff:169.254.169.254] 10.0.0.1 172.16.0.1 192.168.0.1 100.64.0.1 169.254.169.254 169.254.170.2 [fd00:ec2::254]
100.100.100.200 168.63.129.16 192.0.0.192 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 [64:ff9b::a9fe:a9fe]
[2002:7f00:1::] [fe80::1] [fc00::1] [ff02::1]
"""


@pytest.fixture(autouse=True)
def nobody_is_called(monkeypatch, db):
    def connect(*args, **kwargs):
        raise AssertionError(f"called {args}")

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)


@pytest.mark.parametrize("host", INSIDE.split())
def test_an_address_inside_is_never_called(host):
    with pytest.raises(RequestException):
        outgoing.session().get(f"https://{host}/")


@pytest.mark.parametrize(
    "url",
    ["http://93.184.216.34/", "https://good@93.184.216.34/", "https://93.184.216.34:22/", "ftp://93.184.216.34/", "x"],
)
def test_only_plain_https_on_its_usual_ports_is_called(url):
    with pytest.raises(outgoing.Forbidden):
        outgoing.session().get(url)


def test_a_name_that_leads_inside_by_one_of_its_addresses_is_not_called(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)

    with pytest.raises(RequestException, match="private network"):
        outgoing.session().get("https://rebind.example/")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://nobody.invalid/", "There is no server called nobody.invalid."),
        ("https://127.0.0.1/", "127.0.0.1 leads into a private network."),
        ("http://93.184.216.34/", "Only https addresses are called."),
    ],
)
def test_why_nobody_was_called_is_said_in_words(url, words):
    with pytest.raises(RequestException) as caught:
        outgoing.session().get(url)

    assert outgoing.reason(caught.value) == words


def test_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch):
    called = []
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)

    def connect(address, *args, **kwargs):
        called.append(address)
        raise OSError("far enough")

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    with pytest.raises(RequestException):
        outgoing.session().get("https://id.acme.example/")

    assert called == [("93.184.216.34", 443)]


def test_a_network_that_the_operator_allows_is_called(settings):
    settings.PRIVATE_NETWORKS_ALLOWED = ["10.0.0.0/8"]

    with pytest.raises(AssertionError, match=r"10\.1\.2\.3"):
        outgoing.session().get("http://10.1.2.3:8080/")
    with pytest.raises(RequestException):
        outgoing.session().get("http://192.168.0.1/")


def test_nobody_is_asked_inside_a_transaction():
    with transaction.atomic(), pytest.raises(RuntimeError, match="commit first"):
        outgoing.session().get("https://id.acme.example/")
