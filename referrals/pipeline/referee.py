"""Who is being referred: what somebody told us about them, tidied, and nothing more."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError

from accounts.customers import validity
from accounts.mail.actions import normalize_email
from accounts.tenancy.errors import InvalidInput

# Addresses at these say nothing about where somebody works.
FREE_MAIL = frozenset(
    [
        "aol.com",
        "fastmail.com",
        "gmail.com",
        "gmx.at",
        "gmx.ch",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hey.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mac.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "outlook.com",
        "outlook.de",
        "pm.me",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "t-online.de",
        "web.de",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.de",
        "yandex.ru",
        "ymail.com",
        "zoho.com",
        "126.com",
        "163.com",
    ]
)


@dataclass(frozen=True, slots=True)
class Referee:
    """The referred person in the words of whoever named them. Everything but the name may be empty."""

    name: str
    email: str = ""
    phone: str = ""
    title: str = ""
    company_name: str = ""
    company_domain: str = ""
    timezone: str = ""

    @property
    def reachable(self) -> bool:
        """Whether anybody could get in touch: otherwise the referral is only named."""
        return bool(self.email.strip() or self.phone.strip())

    @property
    def email_normalized(self) -> str | None:
        return normalize_email(self.email) or None

    @property
    def domain(self) -> str:
        """Their company's domain: the one given, else the mail address's unless it is a free-mail one; else ""."""
        domain = self.company_domain or normalize_email(self.email).rpartition("@")[2]
        return "" if domain in FREE_MAIL else domain


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses reach the same person: a tag after "+" and, at Gmail, dots make no difference."""
    return bool(one.strip()) and _mailbox(one) == _mailbox(other)


def judged(referee: Referee) -> Referee:
    """The referee, tidied, with what could never become a contact refused now rather than when the deal is won.

    Raises InvalidInput, naming the field as in the API ("referee.email").
    """
    if not referee.name.strip():
        raise InvalidInput("Tell us at least the name.", field="referee.name", code="required")
    texts = ("name", "email", "phone", "title", "company_name", "company_domain", "timezone")
    referee = replace(referee, **{field: " ".join(getattr(referee, field).split()) for field in texts})
    _checked(validity.check_email, referee.email, "email")
    if referee.company_domain:
        domain = _checked(validity.normalize_domain, referee.company_domain, "company_domain")
        referee = replace(referee, company_domain=domain)
    try:
        validity.check_timezone(referee.timezone)
    except ValidationError:
        # It comes from the browser, not from the person: an odd one is no reason to turn them away.
        referee = replace(referee, timezone="")
    return referee


def _checked(check: Callable[[str], str | None], value: str, field: str) -> str:
    try:
        return check(value) or ""
    except ValidationError as error:
        raise InvalidInput(str(error.message), code=error.code, field=f"referee.{field}") from error


def _mailbox(email: str) -> str:
    name, _, domain = normalize_email(email).rpartition("@")
    name = name.partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"
