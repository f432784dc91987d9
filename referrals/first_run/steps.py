"""The steps to the first real ask, in their order (product.md section 8)."""

from dataclasses import dataclass

from accounts.members.permissions import Permission


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `skipped` is what follows from leaving it out, said before somebody does."""

    code: str
    title: str
    what: str
    minutes: int
    url_name: str
    skipped: str
    # Who may do it; the others are told who can.
    permission: Permission = Permission.ASK_SEND


STEPS = (
    Step(
        "practice",
        "Be Jamie",
        "Play a customer on a phone: tap 10, see the ask, be the friend, ask for a call.",
        2,
        "practice",
        "You see your pages for the first time together with your customers.",
    ),
    Step(
        "customers",
        "Bring what you have",
        "Drop a file of old scores or customers. Any CSV will do.",
        4,
        "first-run-customers",
        "Nobody can be asked until somebody is known. New scores can still come in by survey.",
        Permission.CUSTOMER_WRITE,
    ),
    Step(
        "people",
        "Choose three people",
        "From those who praised you already: what got better for them, and what was hard before.",
        4,
        "first-run-people",
        "The letters then say nothing about what you did for them, and fewer people answer.",
        Permission.CUSTOMER_WRITE,
    ),
    Step(
        "reward",
        "Say what people get",
        "One sentence. “Just thanks” is the best beginning.",
        1,
        "first-run-reward",
        "Nothing is promised, and the friend’s page says so: “Jamie gets nothing for this.”",
        Permission.PROGRAM_WRITE,
    ),
    Step(
        "page",
        "See the page the friend sees",
        "Your colour, your name, what may be said of a customer, imprint and privacy.",
        2,
        "first-run-page",
        "Friends meet the page before you do.",
    ),
    Step(
        "hours",
        "Your hours",
        "When you work, and where. Drafts in your name keep to it.",
        1,
        "first-run-hours",
        "We take 09:00 to 17:30 in the zone of the workspace.",
    ),
    Step(
        "send",
        "Send the first ask",
        "From your own Outlook or Gmail. No DNS, no waiting.",
        3,
        "first-run-send",
        "Asks wait on Today until somebody sends them.",
    ),
    Step(
        "guardrails",
        "Confirm the guardrails",
        "Everything that holds people back, on one page, in plain words.",
        2,
        "first-run-guardrails",
        "They hold all the same. Nobody has said yet that they are right for you.",
        Permission.SETTINGS_MANAGE,
    ),
)
BY_CODE = {step.code: step for step in STEPS}
THREE = 3
