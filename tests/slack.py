"""A Slack for the tests, by Slack's own rules: tokens, arguments, limits of blocks, triggers that end after three
seconds, `ok: false` with a code, 429 with Retry-After. `said` is the judge of what people read.
"""

import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode

import pytest

TOKEN, SECRET, TEAM = "xoxb-acme-token", "a-signing-secret", "T0ACME"


class FakeSlack:
    def __init__(self):
        self.people = {}  # {address: id}
        self.calls = []  # (method, arguments)
        self.said = {}  # {ts: {"channel", "text", "blocks"}}
        self.whispers, self.windows = [], []
        self.triggers = {}  # {trigger: when it was given out}
        # What happens to the next requests, in order: "lose reply", or (status, body[, headers]).
        self.script = []
        # The same after the effect.
        self.script_after = []

    def add(self, email):
        self.people[email] = f"U{len(self.people) + 1:05}"
        return self.people[email]

    def methods(self):
        return [method for method, _arguments in self.calls]

    def trigger(self, *, age_s=0.0):
        name = f"trigger.{len(self.triggers)}"
        self.triggers[name] = time.monotonic() - age_s
        return name

    def answer(self, method, arguments, token, content_type):
        self.calls.append((method, arguments))
        if token != f"Bearer {TOKEN}":
            return {"ok": False, "error": "invalid_auth"}
        handle = {
            "auth.test": lambda _a: {"ok": True, "team_id": TEAM, "team": "Acme Inc", "user": "goodword"},
            "users.lookupByEmail": self._look_up,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.postEphemeral": self._whisper,
            "views.open": self._open,
        }.get(method)
        if handle is None:
            return {"ok": False, "error": "unknown_method"}
        # This one takes no JSON: its arguments are then simply not there.
        if method == "users.lookupByEmail" and "json" in content_type:
            return {"ok": False, "error": "invalid_arguments"}
        return handle(arguments)

    def _look_up(self, arguments):
        found = self.people.get(arguments.get("email", [""])[0])
        return {"ok": True, "user": {"id": found}} if found else {"ok": False, "error": "users_not_found"}

    def _post(self, arguments):
        if arguments.get("channel") not in self.people.values():
            return {"ok": False, "error": "channel_not_found"}
        if error := bad_blocks(arguments):
            return {"ok": False, "error": error}
        ts = f"1700000000.{len(self.said):06}"
        channel = "D" + arguments["channel"][1:]
        self.said[ts] = {"channel": channel, "text": arguments["text"], "blocks": arguments["blocks"]}
        return {"ok": True, "channel": channel, "ts": ts}

    def _update(self, arguments):
        message = self.said.get(arguments.get("ts"))
        if message is None or message["channel"] != arguments.get("channel"):
            return {"ok": False, "error": "message_not_found"}
        if error := bad_blocks(arguments):
            return {"ok": False, "error": error}
        message |= {"text": arguments["text"], "blocks": arguments["blocks"]}
        return {"ok": True, "channel": message["channel"], "ts": arguments["ts"]}

    def _whisper(self, arguments):
        if not arguments.get("text") or arguments.get("user") not in self.people.values():
            return {"ok": False, "error": "no_text"}
        self.whispers.append(arguments["text"])
        return {"ok": True, "message_ts": "1"}

    def _open(self, arguments):
        given = self.triggers.pop(arguments.get("trigger_id"), None)
        if given is None:
            return {"ok": False, "error": "exchanged_trigger_id"}
        if time.monotonic() - given > 3:
            return {"ok": False, "error": "expired_trigger_id"}
        view = arguments["view"]
        if len(view["title"]["text"]) > 24 or view["type"] != "modal":
            return {"ok": False, "error": "invalid_arguments"}
        if any(len(block["element"].get("initial_value", "x")) not in range(1, 3001) for block in view["blocks"]):
            return {"ok": False, "error": "invalid_arguments"}
        self.windows.append(view)
        return {"ok": True, "view": {"id": "V1"}}


def bad_blocks(arguments):
    """Slack's limits: 50 blocks, 3000 letters a section, 75 a button, 25 elements in a row."""
    blocks = arguments.get("blocks", [])
    if len(blocks) > 50 or not arguments.get("text"):
        return "invalid_blocks"
    for block in blocks:
        if block["type"] == "section" and not 1 <= len(block["text"]["text"]) <= 3000:
            return "invalid_blocks"
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            label = element.get("text") or element["placeholder"]
            if len(label["text"]) > 75 or len(element.get("value", "")) > 2000:
                return "invalid_blocks"
    return ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    slack: FakeSlack

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        content_type = self.headers.get("Content-Type", "")
        arguments = json.loads(raw) if "json" in content_type else parse_qs(raw.decode())
        slack = self.slack
        if slack.script:
            answer = slack.script.pop(0)
        else:
            said = slack.answer(self.path.rpartition("/")[2], arguments, self.headers["Authorization"], content_type)
            answer = slack.script_after.pop(0) if slack.script_after else (200, said)
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
    slack = FakeSlack()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"slack": slack}))
    server.daemon_threads = True
    slack.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield slack
    finally:
        server.shutdown()
        server.server_close()


def signed(payload, *, secret=SECRET, at=None):
    """The body and headers of a request as Slack makes it."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return body, {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def pressed(slack, user, ts, action_id, *, value=None, option=None, age_s=0.0):
    """What Slack sends when somebody presses a button, or chooses in a menu, under a message."""
    act = {"action_id": action_id, "type": "button"}
    act |= {"value": value} if value is not None else {"selected_option": {"value": option}}
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": user},
        "trigger_id": slack.trigger(age_s=age_s),
        "container": {"type": "message", "channel_id": slack.said[ts]["channel"], "message_ts": ts},
        "actions": [act],
    }


def sent_off(user, window, **fields):
    """What Slack sends when somebody submits a window."""
    values = {name: {"value": {"type": "plain_text_input", "value": words}} for name, words in fields.items()}
    view = {**{name: window[name] for name in ("callback_id", "private_metadata")}, "state": {"values": values}}
    return {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": user}, "view": view}


@pytest.fixture
def slack(settings):
    with serving() as fake:
        settings.SLACK_API_URL = f"http://127.0.0.1:{fake.port}/api/"
        settings.PRIVATE_NETWORKS_ALLOWED = ["127.0.0.0/8"]
        yield fake
