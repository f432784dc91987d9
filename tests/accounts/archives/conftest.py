from tests.accounts.settings.conftest import sign_in  # noqa: F401 -- a fixture
