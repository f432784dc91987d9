"""A mail provider's HTTP API for the tests, by the rules of Resend, Brevo and Postmark, that can be told to fail.

`delivered` is the judge of what left. Resend: the same key and body gives the first answer again, another body 409;
Brevo: the key stands in the mail's headers; Postmark: no key, refusals are 422 with a code.
"""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class FakeProvider:
    def __init__(self):
        self.delivered, self.requests, self.by_key = [], [], {}
        # What happens to the next requests, in order: "lose reply", "refuse connection", or (status, body[, headers]).
        self.script = []
        # The same after the effect: the mail has left, the answer says otherwise.
        self.script_after = []

    def url(self, provider):
        key = "server_token" if provider == "postmark" else "api_key"
        return f"anymail+{provider}://?{key}=secret&api_url=http://127.0.0.1:{self.port}/"

    def take(self, key, body):
        """The answer as (status, body): what a provider with keys gives; "" is no key."""
        if key and key in self.by_key:
            before, answer = self.by_key[key]
            if before != body:
                return 409, {"name": "invalid_idempotent_request", "message": "Same key, other payload."}
            return answer
        self.delivered.append(body)
        number = f"id-{len(self.delivered)}"
        answer = 200, {"id": number, "messageId": number, "MessageID": number, "ErrorCode": 0, "Message": "OK",
                       "To": body.get("To", "")}  # fmt: skip
        if key:
            self.by_key[key] = (body, answer)
        return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: FakeProvider

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        provider = self.provider
        provider.requests.append((self.path, dict(self.headers), body))
        if provider.script:
            answer = provider.script.pop(0)
        else:
            key = self.headers.get("Idempotency-Key") or body.get("headers", {}).get("idempotencyKey", "")
            answer = provider.take(key, body)
            if provider.script_after:
                answer = provider.script_after.pop(0)
        if answer == "lose reply":
            self.close_connection = True
            self.connection.close()
            return
        status, said, *headers = answer
        content = json.dumps(said).encode()
        self.send_response(status)
        for name, value in (headers[0] if headers else {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@contextmanager
def serving():
    provider = FakeProvider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": provider}))
    server.daemon_threads = True
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def provider():
    with serving() as fake:
        yield fake


@pytest.fixture
def resend(provider, settings):
    """The installation sends by Resend."""
    settings.EMAIL_URL = provider.url("resend")
    return provider


@pytest.fixture
def postmark(provider, settings):
    """The installation sends by Postmark."""
    settings.EMAIL_URL = provider.url("postmark")
    return provider
