"""An OpenID Connect provider that keeps the rules: registered redirects, PKCE, codes that work once, signed tokens.

It answers over HTTP, and can be told to break a rule by `lie`.
"""

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Refused(Exception):
    """The provider shows an error page to the person instead of sending them back."""


class FakeProvider:
    def __init__(self, *, client_id, client_secret):
        self.client_id, self.client_secret = client_id, client_secret
        self.redirect_uri, self.person, self.lie = "", {}, ""
        self.grants, self.tokens, self.asked = {}, {}, []

    # --- what happens in the browser

    def authorize(self, url):
        """The person signs in; gives the address they are sent back to. Raises Refused."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        if asked.get("client_id") != self.client_id or asked.get("redirect_uri") != self.redirect_uri:
            raise Refused("unknown client or redirect address")
        if asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split():
            raise Refused("not an OpenID Connect request")
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge") or not asked.get("nonce"):
            raise Refused("PKCE and a nonce are required here")
        code = secrets.token_urlsafe(16)
        self.grants[code] = asked
        return f"{self.redirect_uri}?{urlencode({'code': code, 'state': asked['state']})}"

    # --- what our server asks

    def answer(self, method, path, headers, form):
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, self.document()
        if path == "/keys":
            return 200, {"keys": [self.public_key()]}
        if method == "POST" and path == "/token":
            return self.token(form)
        if path == "/userinfo":
            person = self.tokens.get(headers.get("Authorization", "").removeprefix("Bearer "))
            return (200, person) if person else (401, {"error": "invalid_token"})
        return 404, {}

    def document(self):
        return {
            "issuer": "https://somebody.else.example" if self.lie == "issuer" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def token(self, form):
        grant = self.grants.pop(form.get("code", ""), None)
        verifier = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        is_right = grant is not None and (
            (form.get("client_id"), form.get("client_secret")) == (self.client_id, self.client_secret)
            and form.get("grant_type") == "authorization_code"
            and form.get("redirect_uri") == grant["redirect_uri"]
            and verifier.rstrip(b"=").decode() == grant["code_challenge"]
        )
        if not is_right:
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        self.tokens[access] = {**self.person, **({"sub": "somebody-else"} if self.lie == "subject" else {})}
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": self.id_token(grant)}
        if self.lie == "no id_token":
            del answer["id_token"]
        return 200, answer

    def id_token(self, grant):
        now = int(time.time())
        claims = {
            **self.person,
            "iss": self.issuer,
            "aud": "somebody-else" if self.lie == "audience" else self.client_id,
            "iat": now,
            "exp": now - 3600 if self.lie == "expired" else now + 300,
            "nonce": "another" if self.lie == "nonce" else grant["nonce"],
        }
        if self.lie == "unsigned":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "first"})
        if self.lie == "shared secret":
            return jwt.encode(claims, self.client_secret * 3, algorithm="HS256", headers={"kid": "first"})
        return jwt.encode(
            claims, OTHER_KEY if self.lie == "signature" else KEY, algorithm="RS256", headers={"kid": "first"}
        )

    def public_key(self):
        return {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "first", "use": "sig"}


@contextlib.contextmanager
def serving(provider):
    class Handler(BaseHTTPRequestHandler):
        def _reply(self, method):
            length = int(self.headers.get("Content-Length") or 0)
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            status, body = provider.answer(method, self.path.partition("?")[0], self.headers, form)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self):
            self._reply("GET")

        def do_POST(self):
            self._reply("POST")

        def log_message(self, *args):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
