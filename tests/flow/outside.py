"""Those who stand outside and know only HTTP: an integrator's program, and people with a browser without script."""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PATIENCE_S = 30


class Session(requests.Session):
    """Closes its connections after each request: a kept one holds the server's thread, and its database, too long."""

    def request(self, *args, **options):
        try:
            return super().request(*args, timeout=PATIENCE_S, **options)
        finally:
            self.close()


class Api:
    """The REST API with a key: `call` gives (status, body)."""

    def __init__(self, server_url, key):
        self._base = f"{server_url}/api/v1"
        self._session = Session()
        self._session.headers["Authorization"] = f"Bearer {key}"

    def call(self, method, path, body=None):
        answer = self._session.request(method, f"{self._base}{path}", json=body)
        return answer.status_code, answer.json() if answer.content else None

    def get(self, path):
        return self._sound("GET", path, None)

    def post(self, path, body=None):
        return self._sound("POST", path, {} if body is None else body)

    def patch(self, path, body):
        return self._sound("PATCH", path, body)

    def _sound(self, method, path, body):
        status, answer = self.call(method, path, body)
        assert status < 300, (method, path, status, answer)
        return answer


@dataclass
class Form:
    """A form as it stands on the page: where it leads, its fields as they are, and its buttons."""

    action: str
    fields: dict
    buttons: dict


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self._form, self._area = [], None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._form = Form(given.get("action", ""), {}, {})
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "textarea":
            self._area, self._form.fields[given["name"]] = given["name"], ""
        elif tag in ("input", "button") and given.get("name"):
            where = self._form.buttons if tag == "button" else self._form.fields
            where[given["name"]] = given.get("value", "")

    def handle_data(self, data):
        if self._area is not None:
            self._form.fields[self._area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = None
        elif tag == "form":
            self._form = None


@dataclass
class Page:
    url: str
    status: int
    text: str

    def form(self, *names):
        """The form with these fields."""
        parser = _Forms()
        parser.feed(self.text)
        return next(form for form in parser.forms if all(name in form.fields | form.buttons for name in names))


class Person:
    """Somebody with a browser, their own cookies, and script turned off."""

    def __init__(self):
        self._session = Session()
        self._session.headers["User-Agent"] = BROWSER

    def open(self, url):
        return self._seen(self._session.get(url))

    def press(self, page, *names, **typed):
        """Fill in the form of this page that has these fields or buttons, and send it."""
        form = page.form(*names)
        data = form.fields | typed
        address = urljoin(page.url, form.action) if form.action else page.url
        return self._seen(self._session.post(address.partition("#")[0], data=data))

    def _seen(self, answer):
        return Page(answer.url, answer.status_code, answer.text)


def path_of(url):
    return urlsplit(url).path
