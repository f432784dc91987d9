"""Collects the rooms' models for Django. Rooms import each other's `models`, never this file."""

from accounts.api.models import ApiKey, IdempotentAnswer
from accounts.archives.models import Archive, ArchivePiece
from accounts.customers.models import Company, CompanyDomain, Contact, Deal, Hold, MonthlyRevenue, Outcome, TwoOfThem
from accounts.events.models import Event
from accounts.imports.models import ImportJob, ImportPiece, RefusedRow, SavedMapping, Subscription
from accounts.lists.models import DefaultView, Export, ExportChunk, SavedView
from accounts.mail.models import AccountMessage, DeliveryReport, MailConnection, Message, Pace, Suppression
from accounts.members.models import Member, MemberInvitation, User
from accounts.notes.models import Note
from accounts.notices.models import Notice, NoticeChoices
from accounts.signin.models import SignOn, SignOnDomain
from accounts.slack.models import SlackCall, SlackConnection, SlackPerson, SlackPost
from accounts.tenancy.models import Logo, Workspace
from accounts.workers.models import Outage, Pulse, WorkerHeartbeat

__all__ = [
    "AccountMessage",
    "ApiKey",
    "Archive",
    "ArchivePiece",
    "Company",
    "CompanyDomain",
    "Contact",
    "Deal",
    "DefaultView",
    "DeliveryReport",
    "Event",
    "Export",
    "ExportChunk",
    "Hold",
    "IdempotentAnswer",
    "ImportJob",
    "ImportPiece",
    "Logo",
    "MailConnection",
    "Member",
    "MemberInvitation",
    "Message",
    "MonthlyRevenue",
    "Note",
    "Notice",
    "NoticeChoices",
    "Outage",
    "Outcome",
    "Pace",
    "Pulse",
    "RefusedRow",
    "SavedMapping",
    "SavedView",
    "SignOn",
    "SignOnDomain",
    "SlackCall",
    "SlackConnection",
    "SlackPerson",
    "SlackPost",
    "Subscription",
    "Suppression",
    "TwoOfThem",
    "User",
    "WorkerHeartbeat",
    "Workspace",
]
