"""The facts a text may mention, each with what is said when it is missing."""

_NO_OUTCOME = "There is no approved outcome to mention. Add one, or take the sentence out."

TOKENS = {
    "contact.first_name": "We do not know this person's first name. Add it, or greet them another way.",
    "contact.last_name": "We do not know this person's last name. Add it, or take it out.",
    "contact.title": "We do not know this person's job. Add it, or take the sentence out.",
    "company.name": "This person belongs to no company. Add one, or take the sentence out.",
    "sender.first_name": "The sender has no first name. Add it under your profile.",
    "sender.name": "The sender has no name. Add it under your profile.",
    "workspace.name": "Your workspace has no name. Add it in the settings.",
    "response.score": "There is no score to mention. Take the sentence out.",
    "response.said_when": "There is no answer to refer to. Take the sentence out.",
    "outcome.summary": _NO_OUTCOME,
    "outcome.metric": _NO_OUTCOME,
    "outcome.baseline": "The outcome does not say how it was before. Add it, or take the sentence out.",
    "outcome.now": "The outcome does not say how it is now. Add it, or take the sentence out.",
    "outcome.period": "The outcome does not say how long it took. Add it, or take the sentence out.",
    "outcome.old_challenge": "We do not know what was hard before. Add the old challenge, or take the sentence out.",
    "program.peer_title": "The program does not say whom to ask for. Add a job title to its ideal customer.",
    "program.ideal_problem": "The program does not say which problem it solves. Add it to its ideal customer.",
    "advocate_url": "This person has no page of their own yet, so there is nothing to link to.",
    "link_url": "This person has no link in this program yet.",
}

# Written as text, compared as numbers: {% if response.score >= 9 %}.
NUMBERS = frozenset({"response.score"})
