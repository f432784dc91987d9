"""How mail says no."""

from accounts.mail.models import Message
from accounts.tenancy.errors import Refusal


class MailMovedOn(Refusal):
    """The mail is no longer in the state a person saw."""

    code = "mail_moved_on"

    @classmethod
    def of(cls, message: Message) -> "MailMovedOn":
        return cls(
            {
                Message.State.SENT: "The mail server has answered meanwhile: it took this mail.",
                Message.State.FAILED: "The mail server has answered meanwhile: it refused this mail.",
                Message.State.CANCELLED: "This mail was taken back.",
            }.get(Message.State(message.state), "This mail is on its way.")
        )


class NotRepeatable(Refusal):
    """Nobody can judge whether this mail may go out again."""

    code = "not_repeatable"
