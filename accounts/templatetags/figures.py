"""How amounts and days are written on our pages."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from accounts.tenancy import money as moneys
from accounts.tenancy.money import Money

register = template.Library()


@register.filter
def money(amount_minor: int | None, currency: str) -> str:
    """`{{ reward.amount_minor|money:reward.currency }}`: "$1,000"; nothing where there is no amount."""
    if amount_minor is None or not currency:
        return ""
    return moneys.format(Money(amount_minor, currency))


@register.filter
def thousands(number: int) -> str:
    """ "50,000"."""
    return f"{number:,}"


@register.filter
def less(number: int, other: int) -> int:
    """The difference."""
    return number - other


@register.filter
def day(value: date | datetime | None) -> str:
    """ "3 September", with the year where it is another one; in the zone of the page."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    year = "" if local.year == timezone.localdate().year else f" {local.year}"
    return f"{local.day} {local:%B}{year}"


@register.filter
def moment(value: datetime | None) -> str:
    """ "3 September, 09:14", in the zone of the page."""
    return f"{day(value)}, {timezone.localtime(value):%H:%M}" if value else ""
