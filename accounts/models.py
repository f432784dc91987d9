"""Collects the rooms' models for Django. Rooms import each other's `models`, never this file."""

from accounts.api.models import ApiKey, IdempotentAnswer
from accounts.customers.models import Company, CompanyDomain, Contact, Deal, Hold, MonthlyRevenue, Outcome
from accounts.events.models import Event
from accounts.imports.models import Subscription
from accounts.mail.models import AccountMessage, DeliveryReport, MailConnection, Message, Pace, Suppression
from accounts.members.models import Member, MemberInvitation, User
from accounts.signin.models import SignOn, SignOnDomain
from accounts.tenancy.models import Workspace
from accounts.workers.models import Outage, Pulse, WorkerHeartbeat

__all__ = [
    "AccountMessage",
    "ApiKey",
    "Company",
    "CompanyDomain",
    "Contact",
    "Deal",
    "DeliveryReport",
    "Event",
    "Hold",
    "IdempotentAnswer",
    "MailConnection",
    "Member",
    "MemberInvitation",
    "Message",
    "MonthlyRevenue",
    "Outage",
    "Outcome",
    "Pace",
    "Pulse",
    "SignOn",
    "SignOnDomain",
    "Subscription",
    "Suppression",
    "User",
    "WorkerHeartbeat",
    "Workspace",
]
