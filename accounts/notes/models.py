"""What colleagues write to each other on a record."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class Note(TenantModel):
    """A few words on a contact, a company, or a record of the apps above. Only the team reads it."""

    prefix = "nte"

    contact = same_workspace("accounts.Contact", null=True, blank=True)
    company = same_workspace("accounts.Company", null=True, blank=True)
    # A record of an app above, known there by this id.
    subject_id = models.UUIDField(null=True, blank=True)
    author = same_workspace("accounts.Member")
    body = models.TextField(blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    # Taken back: the words are gone, that there was a note stays in the timeline.
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "notes"
        constraints = [
            *walls("contact", "company", "author"),
            models.CheckConstraint(
                condition=Q(contact__isnull=False, company__isnull=True, subject_id__isnull=True)
                | Q(contact__isnull=True, company__isnull=False, subject_id__isnull=True)
                | Q(contact__isnull=True, company__isnull=True, subject_id__isnull=False),
                name="note_on_one_record",
            ),
            models.CheckConstraint(
                condition=(Q(deleted_at__isnull=True) & ~Q(body="")) | Q(deleted_at__isnull=False, body=""),
                name="note_has_words_until_deleted",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "contact"], name="note_of_contact"),
            models.Index(fields=["workspace", "company"], name="note_of_company"),
            models.Index(fields=["workspace", "subject_id"], name="note_of_subject"),
        ]

    def __str__(self) -> str:
        return self.body[:60]
