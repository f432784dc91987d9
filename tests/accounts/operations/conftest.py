from tests.accounts.mail.conftest import post  # noqa: F401 -- the fixture
