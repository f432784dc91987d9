import pytest
from cryptography.fernet import Fernet

from accounts.tenancy import secrets

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_a_secret_is_sealed_and_read_again():
    sealed = secrets.encrypt("héllo")

    assert b"llo" not in sealed
    assert secrets.decrypt(memoryview(sealed)) == "héllo"


def test_after_a_rotation_old_secrets_are_still_read_and_new_ones_need_the_new_key(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = secrets.encrypt("old")
    settings.ENCRYPTION_KEYS = [NEW, OLD]

    assert secrets.decrypt(sealed) == "old"
    newer = secrets.encrypt("new")
    settings.ENCRYPTION_KEYS = [OLD]
    with pytest.raises(secrets.Unreadable):
        secrets.decrypt(newer)


@pytest.mark.parametrize("keys", [["too short"], [""], []])
def test_a_key_that_is_none_is_found_at_the_start(settings, keys):
    settings.ENCRYPTION_KEYS = keys

    assert [error.id for error in secrets.encryption_keys_are_keys(None)] == ["accounts.E004"]
