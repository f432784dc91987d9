"""Who is being referred: what somebody told us about them, tidied, and nothing more."""

from dataclasses import dataclass

from accounts.mail.actions import normalize_email

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
        given = tidy_domain(self.company_domain)
        if given:
            return given
        domain = normalize_email(self.email).rpartition("@")[2]
        return "" if domain in FREE_MAIL else domain


def tidy_domain(text: str) -> str:
    """ "https://www.Globex.example/about" as "globex.example"."""
    domain = text.strip().lower().partition("://")[2] or text.strip().lower()
    return domain.partition("/")[0].removeprefix("www.")
