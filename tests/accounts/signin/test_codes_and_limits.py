"""A code by mail; how often one may guess; what a stranger learns."""

import pytest

from accounts.mail.models import AccountMessage
from tests.accounts.signin.conftest import LOGIN, TODAY, a_browser, give_app, mailed, sign_in, user_of, ways

CODE, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


def ask_for_code(client, email="ana@acme.example"):
    return client.post(CODE, {"email": email}, follow=True)


def test_a_mailed_code_signs_in_and_leads_where_one_wanted(client, ana):
    client.post(f"{CODE}?next=/app/acme/referrals/", {"email": "ana@acme.example", "next": "/app/acme/referrals/"})
    code = mailed("ana@acme.example", r"(?m)^[A-Z0-9]{4}-?[A-Z0-9]{2,4}$")

    answer = client.post(CONFIRM, {"code": code, "next": "/app/acme/referrals/"})

    assert answer.url == "/app/acme/referrals/"
    assert client.get(TODAY).status_code == 200


def test_a_code_does_not_replace_the_second_factor(client, ana):
    give_app(user_of(ana))
    ask_for_code(client)

    answer = client.post(CONFIRM, {"code": mailed("ana@acme.example", r"(?m)^[A-Z0-9-]{6,9}$")}, follow=True)

    assert ways(answer)[-1] == "/accounts/second-factor/authenticate/"


def test_a_wrong_code_is_refused_and_three_of_them_end_it(client, ana):
    ask_for_code(client)

    answers = [client.post(CONFIRM, {"code": "WRONG1"}) for _ in range(3)]

    assert answers[0].context["form"].errors["code"]
    assert answers[-1].url == CODE
    assert client.get(CONFIRM).status_code == 302


def test_an_unknown_address_sees_the_same_page_and_gets_no_mail(client, ana):
    known = ask_for_code(a_browser())
    unknown = ask_for_code(client, email="nobody@acme.example")

    assert ways(known) == ways(unknown) == [CONFIRM]
    assert AccountMessage.objects.filter(to_email="nobody@acme.example").count() == 0


def test_guessing_a_password_ends_after_five_and_the_owner_of_another_address_is_not_locked_out(client, ana):
    answers = [client.post(LOGIN, {"login": "ana@acme.example", "password": f"guess {n}"}) for n in range(6)]

    assert "Too many failed" in str(answers[-1].context["form"].non_field_errors())
    other = client.post(LOGIN, {"login": "ben@acme.example", "password": "guess"})
    assert "Too many failed" not in str(other.context["form"].non_field_errors())


@pytest.mark.parametrize(("proxies", "limited"), [(0, True), (1, False)])
def test_an_address_is_believed_only_from_a_proxy_of_ours(ana, settings, proxies, limited):
    """Ten failures from one address are the limit: without a proxy of ours its header is a stranger's word."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    for number in range(10):
        browser = a_browser(address="10.0.0.1")
        login = {"login": f"user{number}@acme.example", "password": "guess"}
        browser.post(LOGIN, login, headers={"x-forwarded-for": f"198.51.100.{number}"})
    answer = a_browser(address="10.0.0.1").post(
        LOGIN, {"login": "zoe@acme.example", "password": "guess"}, headers={"x-forwarded-for": "198.51.100.99"}
    )

    assert ("Too many failed" in str(answer.context["form"].non_field_errors())) is limited


def test_too_many_requests_get_a_page_of_ours(client, ana):
    answers = [client.post(LOGIN, {"login": "ana@acme.example", "password": ""}) for _ in range(31)]

    assert answers[-1].status_code == 429
    assert "That was often in a short time." in answers[-1].content.decode()


def test_an_address_alone_asks_for_the_password_beside_its_field(client, ana):
    answer = client.post(LOGIN, {"login": "ana@acme.example", "password": ""})

    assert answer.context["form"].errors == {"password": ["Type your password, or let us mail you a code."]}
    assert AccountMessage.objects.count() == 0


def test_a_changed_password_ends_other_sessions_and_says_so_by_mail(client, ana):
    other = a_browser()
    sign_in(other)
    sign_in(client)
    new = {
        "oldpassword": "correct horse battery",
        "password1": "three unlikely words",
        "password2": "three unlikely words",
    }

    client.post("/accounts/password/change/", new)

    assert (client.get(TODAY).status_code, other.get(TODAY).status_code) == (200, 302)
    assert AccountMessage.objects.get().subject == "Goodword: your password was changed"
