"""Every setting of a workspace can be set by somebody, and is obeyed by somebody else than the page that sets it."""

import ast
from pathlib import Path

from accounts.retention.forms import RetentionForm
from accounts.settings import workspace_forms
from accounts.settings.sign_in_forms import RulesForm
from accounts.tenancy.models import Workspace

ROOT = Path(__file__).parent.parent.parent
APPS = ("accounts", "feedback", "rewards", "referrals")
# Where settings are shown, set and looked up: reading them there obeys nothing.
SETTING = ("accounts/settings/", "accounts/retention/forms.py", "accounts/audit/", "/migrations/")

# Fields that no form sets, each with who does.
SET_ELSEWHERE = {
    "id": "the database",
    "created_at": "the database",
    "slug": "made from the name, once; addresses stay",
    "is_demo": "the demo",
    "sandbox_of": "making a sandbox",
    "sandbox_kind": "the same",
    "limits": "the operator",
    "logo": "the brand's form, by the picture it is given",
    "own_days": "the form for a day off",
    "own_mail": "the mail connection",
    "state": "suspending, resuming, closing",
    "closes_at": "closing",
    "approval_limit_minor": "the general form, in major units",
}
# Fields that are read by other means than `.name` or SQL of that name, each with how.
READ_OTHERWISE = {
    "visitors_kept_days": "accounts/retention/registry.py, by the name in a rule",
    "comments_kept_months": "the same",
    "named_kept_days": "the same",
    "events_kept_months": "forget_old_events() in the database",
    "logo": "Workspace.logo_url, which public pages show",
    "limits": "Workspace.limit()",
}


def set_by_forms():
    found = set()
    for one in [*vars(workspace_forms).values(), RetentionForm]:
        if isinstance(one, type) and issubclass(one, workspace_forms.WorkspaceForm):
            found |= set(one._meta.fields or ())
    return found | set(RulesForm.base_fields)


def names_read(tree):
    """Attributes that are looked at, and words in texts: SQL reads columns by their name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "SELECT" in node.value:
            yield from node.value.replace(".", " ").replace(",", " ").replace(";", " ").split()


def read_in_code():
    found = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if not any(part in name for part in SETTING) and not name.endswith("/models.py"):
                found |= set(names_read(ast.parse(path.read_text())))
    for path in (ROOT / "templates").rglob("*.html"):
        if "/settings/" not in str(path.relative_to(ROOT)):
            words = path.read_text().replace("|", " ").split()
            found |= {word for word in words if word.startswith("workspace.")}
    return {name.removeprefix("workspace.") for name in found}


def fields():
    return {field.name for field in Workspace._meta.concrete_fields}


def test_every_field_of_a_workspace_is_set_by_a_form_or_says_by_whom():
    unset = fields() - set_by_forms() - set(SET_ELSEWHERE)

    assert unset == set(), f"Nobody can set {sorted(unset)}: give them a form, or say in SET_ELSEWHERE who sets them."


def test_every_field_of_a_workspace_is_read_by_a_room_that_obeys_it():
    read = read_in_code()
    unread = {name for name in fields() if name not in read} - set(READ_OTHERWISE)

    assert unread == set(), f"{sorted(unread)} changes nothing: no code outside the settings reads it."


def test_what_is_said_to_be_set_or_read_elsewhere_is_still_there():
    assert set(SET_ELSEWHERE) | set(READ_OTHERWISE) <= fields()
    registry = (ROOT / "accounts/retention/registry.py").read_text()
    assert "getattr(workspace, self.setting)" in registry


def test_the_guard_would_notice_a_setting_that_nobody_reads():
    assert "never_read_by_anybody" not in read_in_code()
    assert {"weekends", "eu_mode", "postal_address"} <= read_in_code()
