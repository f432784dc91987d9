import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.asks.drafts import FILTERS, MOST_BYTES_WRITTEN, Draft, Fact, Problem, UsedFact, check, write
from referrals.asks.tokens import TOKENS
from referrals.programs.models import DEFAULT_BODY, DEFAULT_SUBJECT

# A busy machine is no failure.
PATIENT = settings(deadline=None)

NO_OUTCOME = "There is no approved outcome to mention. Add one, or take the sentence out."
FACTS = {
    "contact.first_name": Fact("Jamie", "Contact"),
    "response.score": Fact("10", "Response"),
    "outcome.summary": Fact("closes the month in two days", "Outcome approved by Kim"),
    "program.peer_title": Fact("Head of Ops", "Program"),
    "sender.first_name": Fact("Dana", "Member"),
    "link_url": Fact("https://example.com/r/abc", "Link"),
}


def body_of(text, facts=FACTS):
    """Return the written body of a text that has no problems."""
    draft = write(subject="Hello", body=text, facts=facts)
    assert draft.problems == []
    return draft.body


def test_a_text_and_its_facts_become_a_mail():
    draft = write(
        subject="Another {{ program.peer_title }}?",
        body="Hi {{ contact.first_name }},\n\nyour team {{ outcome.summary }}.\n\n{{ sender.first_name }}",
        facts=FACTS,
    )

    assert draft == Draft(
        subject="Another Head of Ops?",
        body="Hi Jamie,\n\nyour team closes the month in two days.\n\nDana",
        used=[
            UsedFact("program.peer_title", "Head of Ops", "Program"),
            UsedFact("contact.first_name", "Jamie", "Contact"),
            UsedFact("outcome.summary", "closes the month in two days", "Outcome approved by Kim"),
            UsedFact("sender.first_name", "Dana", "Member"),
        ],
        problems=[],
    )


@pytest.mark.parametrize("facts", [{}, {"outcome.summary": Fact("  \n", "Outcome")}])
def test_a_missing_or_blank_fact_is_a_problem_in_words(facts):
    draft = write(subject="Hi", body="Your team {{ outcome.summary }}, {{ outcome.summary | upcase }}.", facts=facts)

    assert draft == Draft(
        subject="Hi",
        body="Your team [outcome.summary], [outcome.summary].",
        used=[],
        problems=[Problem("missing_fact", NO_OUTCOME, "outcome.summary")],
    )


def test_all_missing_facts_are_told_at_once():
    draft = write(subject="{{ company.name }}", body="{{ link_url }} {{ outcome.metric }}", facts={})

    assert [problem.token for problem in draft.problems] == ["company.name", "link_url", "outcome.metric"]


def test_a_conditional_sentence_lets_a_text_do_without():
    text = "Hi.{% if outcome %} Your team {{ outcome.summary }}.{% endif %} Anybody else?"

    assert body_of(text) == "Hi. Your team closes the month in two days. Anybody else?"
    assert body_of(text, facts={}) == "Hi. Anybody else?"
    assert body_of(text, facts={"outcome.summary": Fact(" ", "Outcome")}) == "Hi. Anybody else?"


def test_a_fact_named_only_in_a_condition_is_not_used():
    draft = write(subject="Hi", body="{% if outcome %}Yes{% endif %}", facts=FACTS)

    assert (draft.body, draft.used) == ("Yes", [])


def test_a_default_stands_in_for_a_missing_fact():
    text = "Hi {{ contact.first_name | default: 'there' }},"

    assert body_of(text) == "Hi Jamie,"
    assert body_of(text, facts={}) == "Hi there,"
    assert body_of("{{ contact.first_name | default: sender.first_name }}", facts=FACTS) == "Jamie"


def test_a_default_that_is_missing_too_is_a_problem():
    draft = write(subject="Hi", body="{{ contact.title | default: company.name }}", facts={})

    assert draft.body == "[contact.title]"
    assert [problem.token for problem in draft.problems] == ["contact.title", "company.name"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% if company.name < 3 %}small{% endif %}Hi", "Hi"),
        ("{% if company.name contains 'x' %}small{% endif %}Hi", "Hi"),
        ("{% if response.score >= 9 %}high{% elsif response.score > 6 %}fair{% else %}low{% endif %}", "high"),
        ("{% unless company %}no company{% endunless %}", "no company"),
        ("{% case response.score %}{% when 10 %}ten{% else %}less{% endcase %}", "ten"),
        ("{% if contact.first_name == 'Jamie' and sender.first_name %}us{% endif %}", "us"),
        ("{{ program.peer_title | downcase | append: 's' }}", "head of opss"),
        ("{{ contact['first_name'] }}", "Jamie"),
        ("{{ contact.first_name | slice: 0 }}", "J"),
        ("${7*7} #{7*7} <%= 7*7 %> {# note #}", "${7*7} #{7*7} <%= 7*7 %> {# note #}"),
    ],
)
def test_conditions_and_filters_work(text, expected):
    assert check(text) == []
    assert body_of(text) == expected


def test_gaps_left_by_a_condition_are_closed():
    text = (
        "Hi,\r\n\r\n{% if outcome %}{{ outcome.summary }}{% endif %}  \n\n\nbye {% if outcome %}x{% endif %} now \n\n"
    )

    assert body_of(text, facts={}) == "Hi,\n\nbye now"


VALUES_THAT_LOOK_LIKE_CODE = [
    "{{ outcome.summary }}",
    "{% if contact %}x{% endif %}",
    "{{7*7}}",
    "{{ '{{' }}",
    "{% raw %}",
    "${7*7}",
    "<b>&amp;</b>",
]


@pytest.mark.parametrize("value", VALUES_THAT_LOOK_LIKE_CODE)
def test_a_value_is_never_filled_in_itself(value):
    draft = write(
        subject="{{ company.name }}", body="{{ company.name }}", facts={"company.name": Fact(value, "Company")}
    )

    assert draft == Draft(value, value, used=[UsedFact("company.name", value, "Company")], problems=[])


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c", "\r", "\x00"])
def test_no_value_breaks_the_subject_into_lines(newline):
    facts = {"company.name": Fact(f"Acme{newline}Bcc: x@y.example", "Company")}

    draft = write(subject=f"For {{{{ company.name }}}}{newline}now", body="Hi", facts=facts)

    assert draft.subject.splitlines() == [draft.subject]
    assert "\x00" not in draft.subject


def test_facts_that_are_not_on_the_list_cannot_be_named():
    text = "{{ contact.secret }}"

    draft = write(subject="Hi", body=text, facts={"contact.secret": Fact("s3cret", "Contact")})

    unknown = Problem("unknown_token", "There is no “contact.secret” to fill in.", "contact.secret")
    assert draft == Draft("Hi", text, used=[], problems=[unknown])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{7*7}}", "syntax"),
        ("{{config}}", "unknown_token"),
        ("{{''.__class__.__mro__}}", "syntax"),
        ("{{ contact.__class__ }}", "unknown_token"),
        ("{{ contact.first_name.__class__ }}", "unknown_token"),
        ("{{ contact.first_name.size }}", "unknown_token"),
        ("{{x|attr('format')}}", "syntax"),
        ("{{ contact.first_name | attr: 'format' }}", "unknown_filter"),
        ("{{ contact.first_name | replace: 'a', 'b' }}", "unknown_filter"),
        ("{{ contact.first_name | date: '%Y' }}", "unknown_filter"),
        ("{% include '/etc/passwd' %}", "syntax"),
        ("{% render '/etc/passwd' %}", "syntax"),
        ("{% load %}", "syntax"),
        ("{% debug %}", "syntax"),
        ("{% liquid echo contact %}", "syntax"),
        ("{% assign a = contact.first_name %}", "syntax"),
        ("{% capture a %}x{% endcapture %}", "syntax"),
        ("{% increment a %}", "syntax"),
        ("{% cycle 'a', 'b' %}", "syntax"),
        ("{% tablerow i in (1..9) %}x{% endtablerow %}", "syntax"),
        ("{% for i in (1..999999999) %}x{% endfor %}", "syntax"),
        ("{{ (1..999999999) }}", "not_allowed"),
        ("{% if (1..999999999) contains 5 %}x{% endif %}", "not_allowed"),
        ("{{contact.tenant.secret}}", "unknown_token"),
        ("{{contact._state}}", "unknown_token"),
        ("{{ contact }}", "unknown_token"),
        ("{{ contact | size }}", "unknown_token"),
        ("{{ 'a' | append: contact }}", "unknown_token"),
        ("{{ contact[contact.first_name] }}", "unknown_token"),
        ("{% if secret.key %}x{% endif %}", "unknown_token"),
        ("{% if outcome %}{{ secret }}{% endif %}", "unknown_token"),
        ("{% case secret %}{% when 1 %}x{% endcase %}", "unknown_token"),
        ("{{ now }}", "unknown_token"),
        ("{{", "syntax"),
        ("{{ contact.first_name", "syntax"),
        ("{% if contact %}", "syntax"),
        ("{% endif %}", "syntax"),
        ("{% if contact %}" * 40 + "{% endif %}" * 40, "syntax"),
        ("{% if contact %}" * 10_000 + "{% endif %}" * 10_000, "text_too_long"),
        ("{{" * 3_999, "too_many_tags"),
        ("{{ contact" + "[a" * 2_000 + "]" * 2_000 + " }}", "syntax"),
        ("{% if a " + "and a " * 1_200 + "%}x{% endif %}", "syntax"),
        ("{{ " + "9" * 6_000 + " }}", "syntax"),
        ("{{ contact.first_name " + "| url_encode " * 500 + "}}", "too_many_filters"),
        ("x" * 8_001, "text_too_long"),
    ],
)
def test_code_in_a_text_is_refused_and_not_run(text, code):
    assert code in {problem.code for problem in check(text)}

    draft = write(subject="Hi", body=text, facts=FACTS)
    assert draft.problems == check(text)
    assert draft.used == []


@pytest.mark.parametrize(
    "text",
    [
        "{% if contact.first_name < 3 %}x{% endif %}",
        "{% if contact > 3 %}x{% endif %}",
        "{{ contact.first_name | slice: 'a' }}",
        "{{ contact.first_name | truncate: 'a' }}",
    ],
)
def test_what_fails_only_with_the_facts_is_a_problem_too(text):
    draft = write(subject="Hi", body=text, facts=FACTS)

    assert [problem.code for problem in draft.problems] == ["syntax"]


def test_a_mail_has_a_greatest_length():
    long = {"company.name": Fact("x" * 5_000, "Company")}

    draft = write(subject="Hi", body="{{ company.name }}" * 50, facts=long)

    assert [problem.code for problem in draft.problems] == ["syntax"]
    assert len(write(subject="Hi", body="{{ company.name }}", facts=long).body) == 1_000


def test_every_token_has_words_for_its_absence():
    for token, sentence in TOKENS.items():
        draft = write(subject="Hi", body=f"{{{{ {token} }}}}", facts={})

        assert draft.problems == [Problem("missing_fact", sentence, token)]


def test_every_token_is_written():
    facts = {token: Fact(f"the {token}", "Somewhere") for token in TOKENS}

    assert [body_of(f"{{{{ {token} }}}}", facts) for token in TOKENS] == [f"the {token}" for token in TOKENS]


PIECES = st.sampled_from(
    ["{{", "}}", "{%", "%}", " ", "|", ":", "'", '"', ",", ".", "[", "]", "(", ")", "..", "if", "endif", "else", "case"]
    + ["when", "unless", "endunless", "and", "or", "contains", "==", "<", "empty", "nil", "9", "-", "raw", "endraw"]
    + [*TOKENS, *FILTERS, "contact", "outcome", "x", "\n", "for", "assign", "include", "elsif", "endcase", "#", "{{ "]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join) | st.lists(PIECES, max_size=25).map(" ".join) | st.text()


@PATIENT
@given(TEXTS, st.dictionaries(st.sampled_from(sorted(TOKENS)), st.builds(Fact, st.text(), st.just("Somewhere"))))
def test_no_text_and_no_fact_raises_or_writes_without_end(text, facts):
    draft = write(subject=text, body=text, facts=facts)

    assert len(draft.body.encode("utf-8", "surrogatepass")) <= max(MOST_BYTES_WRITTEN, len(text) * 4)
    assert draft.subject.splitlines() in ([], [draft.subject])
    assert set(check(text)) <= set(draft.problems)


@PATIENT
@given(st.dictionaries(st.sampled_from(sorted(TOKENS)), st.builds(Fact, st.text(), st.just("Somewhere"))))
def test_a_token_is_either_used_or_missing(facts):
    draft = write(subject="", body=" ".join(f"{{{{ {token} }}}}" for token in TOKENS), facts=facts)

    used, missing = {fact.token for fact in draft.used}, {problem.token for problem in draft.problems}
    assert used | missing == set(TOKENS)
    assert used & missing == set()


@pytest.mark.parametrize(
    ("facts", "opening"),
    [
        (
            {"response.score": Fact("10", "Response"), "response.said_when": Fact("this morning", "Response")},
            "you gave us a 10 this morning. Thank you, that made our day.",
        ),
        ({}, "thank you for the trust you put in us. I do not take it for granted."),
        (
            {"outcome.old_challenge": Fact("closing in five days", "Outcome")},
            "thank you for the trust you put in us. I do not take it for granted. "
            "I remember how closing in five days felt when we started.",
        ),
    ],
)
def test_the_first_letter_is_whole_with_and_without_a_score(facts, opening):
    known = {
        "contact.first_name": Fact("Jamie", "Contact"),
        "program.peer_title": Fact("head of finance", "Program"),
        "advocate_url": Fact("https://example.com/a/abc", "Link"),
        "sender.first_name": Fact("Dana", "Sender"),
    }

    draft = write(subject=DEFAULT_SUBJECT, body=DEFAULT_BODY, facts=known | facts)

    assert draft.problems == []
    assert draft.body.split("\n\n")[1] == opening
