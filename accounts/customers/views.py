"""Lists of companies and people. Their records are on the top floor, where everybody can be seen."""

from typing import ClassVar

from accounts.customers import lists
from accounts.lists.spec import ListSpec
from accounts.lists.views import ListView


class CompanyList(ListView):
    spec: ClassVar[ListSpec] = lists.COMPANIES
    template: ClassVar[str] = "accounts/customers/company_list.html"
    empty: ClassVar[str] = "accounts/customers/_no_companies.html"


class ContactList(ListView):
    """People. Without the permission nothing here tells one person's score, not even the order."""

    spec: ClassVar[ListSpec] = lists.CONTACTS
    template: ClassVar[str] = "accounts/customers/contact_list.html"
    empty: ClassVar[str] = "accounts/customers/_no_people.html"
