import pytest

from referrals.asks.drafts import Problem
from referrals.asks.lint import lint

GOOD = "Hi Jamie,\n\nyou said this morning that month-end is calm now. Do you know another Head of Ops?\n\nDana"
NO_NAME = Problem("no_name", "The greeting names nobody. Begin with the person's first name.")


def test_a_friendly_mail_has_nothing_to_say_about():
    assert lint("Another Head of Ops?", GOOD) == []


def test_a_programs_text_is_read_with_its_placeholders():
    body = "{{ contact.first_name }},\n\n{% if outcome %}you now {{ outcome.summary }}.{% endif %} Anybody else?"

    assert lint("Thanks, {{ contact.first_name | default: 'you amazing person who is exciting!' }}", body) == []


@pytest.mark.parametrize(
    "greeting", ["Hi Jamie,", "Jamie,", "Dear Dr. Ångström,", "Guten Tag Frau Öz,", "Hi 美咲,", "Hi O'Neil,"]
)
def test_a_greeting_with_a_name_is_fine(greeting):
    assert lint("One question", f"{greeting}\nanybody else?") == []


@pytest.mark.parametrize("greeting", ["Hi there,", "Hello,", "Hey all,", "Hi,", "we have a question", "Dear Sir,"])
def test_a_greeting_without_a_name_is_noticed(greeting):
    assert lint("One question", f"\n{greeting}\nJamie said so.") == [NO_NAME]


def test_an_empty_mail_is_noticed():
    assert lint(" ", "") == [Problem("no_subject", "The mail has no subject."), NO_NAME]


def test_150_words_are_enough():
    body = "Hi Jamie, " + "word " * 148

    assert lint("One question", body) == []
    assert lint("One question", body + "more") == [
        Problem("too_long", "151 words are a lot to read on a phone. Under 150 gets more answers.")
    ]


def test_a_long_subject_is_noticed():
    assert lint("x" * 60, GOOD) == []
    assert lint("x" * 61, GOOD) == [
        Problem("subject_too_long", "A subject of more than 60 characters is cut off on a phone.")
    ]


def test_advertising_is_named_once_each():
    body = "Hi Jamie,\nthis AMAZING, exclusive and amazing offer ends soon! Inexclusively yours"

    assert lint("Limited time!", body) == [
        Problem("salesy", "“limited time” sounds like advertising.", "limited time"),
        Problem("salesy", "“amazing” sounds like advertising.", "amazing"),
        Problem("salesy", "“exclusive” sounds like advertising.", "exclusive"),
        Problem("exclamation", "Exclamation marks read as advertising. A full stop is warmer."),
    ]
