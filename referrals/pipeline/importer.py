"""Referrals of the past from a file. They are history: nobody is told, thanked or rewarded because of them."""

from accounts.imports import registry
from accounts.imports.batch import Batch
from accounts.imports.registry import Field, Kind
from referrals.pipeline.models import Referral
from referrals.pipeline.stages import OPEN
from referrals.programs.models import Program

Stage, Source = Referral.Stage, Referral.Source
# As other systems call a stage.
_STAGES = {
    **{value: value for value in Stage.values},
    **{label.lower(): value for value, label in Stage.choices},
    "open": Stage.NEW.value,
    "customer": Stage.WON.value,
    "closed won": Stage.WON.value,
    "closed lost": Stage.LOST.value,
    "declined": Stage.REJECTED.value,
}
_SOURCES = {value: value for value in Source.values} | {label.lower(): value for value, label in Source.choices}

_AT = "(s.{name}::timestamp AT TIME ZONE %(zone)s)"
_CREATED, _CHANGED = _AT.format(name="created_on"), _AT.format(name="closed_on")
# Who was referred may be a customer by now.
_REFEREE_CONTACT = """(SELECT coalesce(c.merged_into_id, c.id) FROM accounts_contact c
    WHERE c.workspace_id = %(workspace)s AND c.email_normalized = s.referee_email)"""
_CREATED_THEN = f"""UPDATE referrals_referral r SET created_at = {_CREATED} FROM import_rows s
    WHERE r.workspace_id = %(workspace)s AND r.external_id = s.external_id AND s.created_on IS NOT NULL"""  # noqa: S608 -- own words


def store_referrals(batch: Batch) -> None:
    """Referrals by `external_id`, else by who was referred, by whom and when. No signal, no event, no reward."""
    program = Program.objects.filter(workspace=batch.workspace).order_by("priority", "pk").first()
    if program is None:
        batch.refuse("true", "'There is no program yet that a referral could belong to. Make one first.'")
        return
    batch.need("referee", "stage", "created_on")
    batch.find_contacts()
    _refuse_what_cannot_be(batch)
    batch.run(
        "UPDATE import_rows s SET external_id = 'import:' || md5(concat_ws('|', lower(s.referee), s.referee_email, "
        "s.referee_company, s.contact_id, s.created_on)) WHERE s.external_id IS NULL"
    )
    batch.keep_last("s.external_id")
    _refuse_open_twice(batch)
    batch.upsert(
        "referrals",
        Referral,
        {
            "external_id": "s.external_id",
            "program_id": "coalesce(o.program_id, %(program)s::uuid)",
            "referrer_id": "s.contact_id",
            "source": "coalesce(s.source, o.source, 'crm')",
            "referee_name": "s.referee",
            "referee_email": "s.referee_email",
            "referee_email_normalized": "s.referee_email",
            "referee_phone": "s.referee_phone",
            "referee_title": "s.referee_title",
            "referee_company_name": "s.referee_company",
            "referee_contact_id": f"CASE WHEN s.stage = 'won' THEN {_REFEREE_CONTACT} END",
            "relation": "s.relation",
            "lost_reason": "s.lost_reason",
            "deal_value_minor": "s.value",
            "deal_currency": "CASE WHEN s.value IS NOT NULL THEN s.currency END",
        },
        exact={
            "stage": "s.stage",
            "stage_changed_at": f"coalesce({_CHANGED}, {_CREATED})",
            "won_at": f"CASE WHEN s.stage IN ('won', 'churned', 'refunded') THEN coalesce({_CHANGED}, {_CREATED}) END",
        },
        program=program.pk,
        zone=batch.workspace.timezone,
    )
    batch.run(_CREATED_THEN, zone=batch.workspace.timezone)


def _refuse_what_cannot_be(batch: Batch) -> None:
    batch.refuse("s.stage = 'won' AND coalesce(s.value, 0) <= 0", "'A won referral needs its value.'")
    batch.refuse("s.created_on > %(today)s OR s.closed_on > %(today)s", "'This lies in the future.'")
    batch.refuse("s.closed_on < s.created_on", "'It ended before it began.'")
    batch.refuse(
        "s.contact_id IS NOT NULL AND s.referee_email = (SELECT c.email_normalized FROM accounts_contact c "
        "WHERE c.workspace_id = %(workspace)s AND c.id = s.contact_id)",
        "'Nobody refers themselves: both have the same address.'",
    )


def _refuse_open_twice(batch: Batch) -> None:
    batch.refuse(
        "s.stage = ANY(%(open)s) AND EXISTS (SELECT FROM referrals_referral r WHERE r.workspace_id = %(workspace)s "
        "AND r.referee_email_normalized = s.referee_email AND r.stage = ANY(%(open)s) "
        "AND r.external_id IS DISTINCT FROM s.external_id)",
        "format('There is an open referral of %%s already.', s.referee_email)",
        open=[str(stage) for stage in OPEN],
    )


REFERRALS = Kind(
    "referrals",
    [
        Field("external_id", aliases=("referral_id", "lead_id", "id")),
        Field("contact", aliases=("referrer_id", "referrer", "advocate_id", "contact_id")),
        Field("email", "email", aliases=("referrer_email", "advocate_email", "referred_by_email"), limit=254),
        Field("referee", aliases=("referee_name", "referred_person", "lead_name", "name", "referred")),
        Field("referee_email", "email", aliases=("lead_email", "referred_email"), limit=254),
        Field("referee_phone", aliases=("lead_phone", "phone"), limit=40),
        Field("referee_title", aliases=("lead_title", "title", "job_title")),
        Field("referee_company", aliases=("lead_company", "company", "company_name", "referee_company_name")),
        Field("relation", aliases=("how_they_know_each_other",)),
        Field("source", "choice", aliases=("channel",), choices=_SOURCES),
        Field("stage", "choice", aliases=("status", "state", "outcome"), choices=_STAGES),
        Field("created_on", "date", aliases=("created", "created_at", "date", "referred_on", "create_date")),
        Field("closed_on", "date", aliases=("won_on", "closed", "close_date", "closed_at", "last_stage_change")),
        Field("value", "money", aliases=("deal_value", "amount")),
        Field("currency", "currency"),
        Field("lost_reason", aliases=("reason",), limit=240),
    ],
    needs=[("referee",), ("stage",), ("created_on",)],
    steps=[store_referrals],
    about="Who was referred before, by whom, and what became of it. History only: nobody is told or thanked for it.",
    example={
        "id": "R-1",
        "referrer_email": "jamie@northwind.example",
        "referee": "Nora Feld",
        "referee_email": "nora@brightholm.example",
        "referee_company": "Brightholm",
        "source": "introduction",
        "stage": "won",
        "created_on": "2025-03-02",
        "closed_on": "2025-05-20",
        "value": "36000",
        "currency": "USD",
    },
)


def register() -> None:
    """Called once, when the app is ready."""
    registry.register(REFERRALS)
