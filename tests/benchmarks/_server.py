"""The project's own server with its own number of workers, and a client that costs little beside it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2]
# As `make run` starts it (config/up.py).
_GRANIAN = ["--interface", "wsgi", "--host", "127.0.0.1", "--workers", "2", "--blocking-threads", "2"]
_PATIENCE_S = 30
CONNECTIONS = 8


@contextmanager
def serving(**environment: str) -> Iterator[int]:
    """Serve the project and the bare views; gives the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", *_GRANIAN, "--port", str(port), "--log-level", "warning"]
    command.append("tests.benchmarks._application:application")
    server = subprocess.Popen(command, cwd=_CHECKOUT, env={**os.environ, **environment})
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(_PATIENCE_S)


def _wait_for(port: int, server: subprocess.Popen) -> None:
    until = time.monotonic() + _PATIENCE_S
    while server.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server does not answer.")


def request(method: str, address: str, headers: Sequence[str] = (), body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as bytes, made before the clock runs."""
    lines = [f"{method} {address} HTTP/1.1", "Host: 127.0.0.1:8000", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def ask(port: int, requests: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """Send them one after the other over one kept connection; gives status and body of each."""
    answers = []
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in requests:
            connection.sendall(one)
            answers.append(_answer(connection))
    return answers


def _answer(connection: socket.socket) -> tuple[int, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            raise RuntimeError("The server hung up.")
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    # Granian writes names in lower case.
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    while len(body) < length:
        body += connection.recv(65_536)
    return int(head[9:12]), body


def seconds(port: int, requests: Sequence[bytes], *, status: int) -> float:
    """How long all of them take over eight connections at once. Raises RuntimeError for another status."""
    shares = [requests[start::CONNECTIONS] for start in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        start = time.perf_counter()
        answers = list(threads.map(lambda share: ask(port, share), shares))
        took = time.perf_counter() - start
    for answered, body in (answer for share in answers for answer in share):
        if answered != status:
            raise RuntimeError(f"The server answers {answered}: {body[:400]!r}")
    return took
