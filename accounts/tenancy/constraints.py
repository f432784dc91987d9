"""The second and third wall between workspaces, written as model constraints so that migrations carry them."""

from typing import Any

from django.db.models.constraints import BaseConstraint, UniqueConstraint

RUNTIME_ROLE = "goodword_app"
CURRENT_WORKSPACE = "(SELECT nullif(current_setting('app.workspace_id', true), '')::uuid)"


class SqlConstraint(BaseConstraint):
    """A constraint that only the database checks."""

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database is the judge; there is nothing to check in Python."""

    def sql(self, model, schema_editor) -> str:
        raise NotImplementedError

    # Django calls the one for a new table and the other for an existing one. Both wait for the end of the migration:
    # a composite key can only point at a table whose own key is there.
    def constraint_sql(self, model, schema_editor):
        schema_editor.deferred_sql.append(self.sql(model, schema_editor))

    def create_sql(self, model, schema_editor):
        schema_editor.deferred_sql.append(self.sql(model, schema_editor))

    def __eq__(self, other):
        return type(self) is type(other) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]  # equal by content, so not hashable: Python's own way to say it


class RowSecurity(SqlConstraint):
    """The runtime role sees and writes rows of the current workspace only; nothing set means no rows."""

    def sql(self, model, schema_editor):
        table = schema_editor.quote_name(model._meta.db_table)
        return (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; "
            f"CREATE POLICY workspace_isolation ON {table} TO {RUNTIME_ROLE} "
            f"USING (workspace_id = {CURRENT_WORKSPACE}) WITH CHECK (workspace_id = {CURRENT_WORKSPACE}); "
            # Without this the owner sees nothing under FORCE: data migrations update 0 rows, new foreign keys
            # validate nothing, SECURITY DEFINER functions return nothing. It needs no superuser and no BYPASSRLS.
            f"CREATE POLICY maintenance ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)"
        )

    def remove_sql(self, model, schema_editor):
        table = schema_editor.quote_name(model._meta.db_table)
        return (
            f"DROP POLICY workspace_isolation ON {table}; DROP POLICY maintenance ON {table}; "
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        )


class WorkspaceForeignKey(SqlConstraint):
    """`field` may only point at a row of the same workspace."""

    def __init__(self, *, field: str, name: str, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.field = field

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def sql(self, model, schema_editor):
        field, quote = model._meta.get_field(self.field), schema_editor.quote_name
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY (workspace_id, {quote(field.column)}) "
            # IMMEDIATE: a deferred one defeats the receiver's savepoint, the outer commit fails and the fact is lost.
            f"REFERENCES {quote(field.related_model._meta.db_table)} (workspace_id, id) DEFERRABLE INITIALLY IMMEDIATE"
        )

    def remove_sql(self, model, schema_editor):
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"


def walls(*foreign_keys: str) -> list[BaseConstraint]:
    """The constraints of every tenant table: row security, a (workspace, id) key, one composite key per relation."""
    return [
        RowSecurity(name="%(app_label)s_%(class)s_rls"),
        UniqueConstraint(fields=["workspace", "id"], name="%(app_label)s_%(class)s_ws_id"),
        *(WorkspaceForeignKey(field=field, name=f"%(app_label)s_%(class)s_{field}_ws") for field in foreign_keys),
    ]
