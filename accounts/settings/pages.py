"""The pages of the settings, and where they stand."""

from accounts.members.navigation import add_setting
from accounts.members.permissions import Permission

_MANAGE, _OWN = Permission.SETTINGS_MANAGE, Permission.WORKSPACE_OWN

_PAGES = (
    (10, "General", "settings-workspace", _MANAGE, "Workspace", "Name, zone, country, money, who writes"),
    (20, "Brand", "settings-brand", _MANAGE, "Workspace", "Logo, colour and tone of the pages customers see"),
    (30, "Legal", "settings-legal", _MANAGE, "Workspace", "Imprint, privacy, postal address, EU mode"),
    (20, "Hours and days", "settings-hours", _MANAGE, "Sending", "When mail may leave, working days, holidays"),
    (30, "Mail", "settings-mail", _MANAGE, "Sending", "Where mail leaves from, and whether it arrives"),
    (10, "Team", "settings-team", Permission.TEAM_MANAGE, "People", "Who works here, with which role"),
    (20, "Sign-in", "settings-sign-in", _MANAGE, "People", "Second factors, single sign-on"),
    (10, "API keys", "settings-keys", _MANAGE, "Connections", "What other systems use"),
    (20, "Slack", "settings-slack", _MANAGE, "Connections", "Asks where your team talks"),
    (10, "Audit log", "audit", _MANAGE, "Data", "Who changed what, and when"),
    (20, "How long we keep", "settings-retention", _MANAGE, "Data", "Visits, comments, names, the log"),
    (30, "Limits and usage", "settings-usage", _MANAGE, "Data", "What was used this month, and what there is"),
    (40, "Take it along", "settings-archive", _OWN, "Data", "Everything in one file"),
    (50, "Suspend or close", "settings-life", _OWN, "Data", "Let it rest, or end it"),
)


def add() -> None:
    """Put the pages among the settings. Called from AppConfig.ready()."""
    for order, label, url_name, permission, group, about in _PAGES:
        add_setting(order, label, url_name, permission, group=group, about=about)
