from referrals.today.letters import Footnote, Letter, Piece, lay_out


def test_facts_are_numbered_in_the_order_in_which_they_are_read():
    facts = [
        {"token": "outcome.old_challenge", "value": "month-end", "source": "Outcome"},
        {"token": "response.score", "value": "10", "source": "NPS answer"},
        {"token": "contact.first_name", "value": "Jamie", "source": "Contact"},
        {"token": "advocate_url", "value": "https://acme.example/a/x", "source": "Link"},
    ]

    letter = lay_out(
        subject="Who else?",
        body="Hi Jamie,\n\na 10 from 100 who fear month-end: https://acme.example/a/x",
        facts=facts,
    )

    assert letter == Letter(
        subject=[Piece("Who else?")],
        paragraphs=[
            [Piece("Hi Jamie,")],
            [
                Piece("a "),
                Piece("10", "fact", 1),
                Piece(" from 100 who fear "),
                Piece("month-end", "fact", 2),
                Piece(": "),
                Piece("https://acme.example/a/x", "url"),
            ],
        ],
        footnotes=[
            Footnote(1, "Score 10", "NPS answer", "response.score"),
            Footnote(2, "month-end", "Outcome", "outcome.old_challenge"),
        ],
    )


def test_a_fact_that_was_edited_away_has_no_footnote():
    facts = [{"token": "response.score", "value": "10", "source": "NPS answer"}]

    assert lay_out(subject="", body="Thank you.", facts=facts).footnotes == []


def test_a_gap_is_shown_and_other_brackets_are_words():
    letter = lay_out(subject="", body="I remember [outcome.old_challenge] [sic].", facts=[])

    assert letter.paragraphs == [[Piece("I remember "), Piece("[outcome.old_challenge]", "hole"), Piece(" [sic].")]]
