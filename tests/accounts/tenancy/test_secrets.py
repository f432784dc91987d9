import pytest
from cryptography.fernet import Fernet

from accounts.tenancy import secrets


@pytest.fixture
def keys(settings):
    """`keys(...)` makes these the ENCRYPTION_KEYS, in order."""

    def use(*names):
        settings.ENCRYPTION_KEYS = list(names)

    return use


def test_what_was_sealed_is_read_again_and_says_nothing_by_itself(keys):
    keys(Fernet.generate_key().decode())

    sealed = secrets.encrypt("smtp://ana:päss@mail.acme.example")

    assert b"mail.acme.example" not in sealed
    assert secrets.decrypt(memoryview(sealed)) == "smtp://ana:päss@mail.acme.example"


def test_after_a_rotation_the_old_is_still_read_and_the_new_is_sealed_with_the_first_key(keys):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keys(old)
    before = secrets.encrypt("before")

    keys(new, old)
    after = secrets.encrypt("after")

    assert secrets.decrypt(before) == "before"
    assert Fernet(new).decrypt(after) == b"after"


@pytest.mark.parametrize("what", ["another key", "a forged one"])
def test_what_none_of_the_keys_sealed_is_refused(keys, what):
    keys(Fernet.generate_key().decode())
    sealed = secrets.encrypt("x") if what == "another key" else b"gAAAA-forged"
    keys(Fernet.generate_key().decode())

    with pytest.raises(secrets.Unreadable):
        secrets.decrypt(sealed)


def test_a_key_that_is_none_is_found_at_the_start(keys):
    keys("too-short")

    assert [error.id for error in secrets.encryption_keys_are_keys(None)] == ["accounts.E004"]
