"""What imported files tell in pieces, kept so that the next file fits to it."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class Subscription(TenantModel):
    """One contract of a company for one period: monthly revenue is added up from these, and usage is known by them."""

    prefix = "sub"

    external_id = models.CharField(max_length=200)
    company = same_workspace("accounts.Company")
    start_on = models.DateField()
    # The first day on which it is no longer paid for.
    end_on = models.DateField(null=True, blank=True)
    trial = models.BooleanField(default=False)
    mrr_minor = models.BigIntegerField(default=0)
    arr_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)

    class Meta:
        default_related_name = "subscriptions"
        constraints = [
            *walls("company"),
            models.UniqueConstraint(fields=["workspace", "external_id"], name="subscription_external_id_once"),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=models.F("start_on")),
                name="subscription_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "company"], name="subscription_of_company")]

    def __str__(self) -> str:
        return self.external_id
