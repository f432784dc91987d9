"""Views with a name: kept, shared, found first, thrown away."""

from django.db import IntegrityError, transaction

from accounts.lists.errors import ViewNameTaken
from accounts.lists.models import DefaultView, SavedView
from accounts.members.models import Member
from accounts.tenancy.models import Workspace


@transaction.atomic
def save_view(
    *, workspace: Workspace, member: Member, list_name: str, name: str, query: str, shared: bool
) -> SavedView:
    """Keep what stands in the address under a name. Raises ViewNameTaken."""
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                workspace=workspace, owner=member, list_name=list_name, name=name, query=query, shared=shared
            )
    except IntegrityError as error:
        raise ViewNameTaken(f"You have a view “{name}” already.", field="name") from error


@transaction.atomic
def change_view(*, view: SavedView, name: str, shared: bool, query: str | None = None) -> SavedView:
    """Rename a view, share it or not, and put what is seen now into it (`query`). Raises ViewNameTaken."""
    view = view.workspace.saved_views.select_for_update().get(pk=view.pk)
    view.name, view.shared = name, shared
    if query is not None:
        view.query = query
    if not shared:
        view.default_views.exclude(member_id=view.owner_id).delete()
    try:
        with transaction.atomic():
            view.save(update_fields=["name", "shared", "query"])
    except IntegrityError as error:
        raise ViewNameTaken(f"You have a view “{name}” already.", field="name") from error
    return view


@transaction.atomic
def delete_view(*, view: SavedView) -> None:
    """Throw a view away; who found the list in it finds the plain list again."""
    view.default_views.all().delete()
    view.delete()


@transaction.atomic
def set_default(*, workspace: Workspace, member: Member, list_name: str, view: SavedView | None) -> None:
    """From now on this member finds the list in this view; None: as it is."""
    if view is None:
        workspace.default_views.filter(member=member, list_name=list_name).delete()
        return
    DefaultView.objects.update_or_create(
        workspace=workspace, member=member, list_name=list_name, defaults={"view": view}
    )
