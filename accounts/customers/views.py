"""Lists of companies and people. Their records are on the top floor, where everybody can be seen."""

from typing import Any, ClassVar

from accounts.customers import lists
from accounts.lists.choosing import Chosen
from accounts.lists.spec import ListSpec
from accounts.lists.views import ListView
from accounts.members.permissions import Permission


class _CustomerList(ListView):
    def more(self, chosen: Chosen) -> dict[str, Any]:
        return {"may_import": self.can(Permission.CUSTOMER_WRITE)}


class CompanyList(_CustomerList):
    spec: ClassVar[ListSpec] = lists.COMPANIES
    template: ClassVar[str] = "accounts/customers/company_list.html"
    empty: ClassVar[str] = "accounts/customers/_no_companies.html"


class ContactList(_CustomerList):
    """People. Without the permission nothing here tells one person's score, not even the order."""

    spec: ClassVar[ListSpec] = lists.CONTACTS
    template: ClassVar[str] = "accounts/customers/contact_list.html"
    empty: ClassVar[str] = "accounts/customers/_no_people.html"
