"""What a workspace wants to reach in a week."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel


class WeekGoals(TenantModel):
    """One row per workspace; what is empty is no goal. Amounts are in the workspace's own currency."""

    prefix = "wgl"

    promise_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    asks = models.PositiveIntegerField(null=True, blank=True)
    calls = models.PositiveIntegerField(null=True, blank=True)
    pipeline_minor = models.BigIntegerField(null=True, blank=True)
    won = models.PositiveIntegerField(null=True, blank=True)
    thanked_percent = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        default_related_name = "week_goals"
        constraints = [
            *walls(),
            models.UniqueConstraint(fields=["workspace"], name="week_goals_one"),
            models.CheckConstraint(
                condition=Q(promise_percent__isnull=True) | Q(promise_percent__range=(1, 100)),
                name="week_goal_promise_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(thanked_percent__isnull=True) | Q(thanked_percent__range=(1, 100)),
                name="week_goal_thanked_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(pipeline_minor__isnull=True) | Q(pipeline_minor__gt=0), name="week_goal_pipeline_positive"
            ),
        ]

    def __str__(self) -> str:
        return "goals of a week"
