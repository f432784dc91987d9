"""Everything that changes asks. One file for each part of their life; others call them here."""

from referrals.asks.answering import answer, cancel_for
from referrals.asks.by_hand import ask_by_hand, log_elsewhere
from referrals.asks.deadlines import expire_overdue
from referrals.asks.handing_over import hand_over, hand_over_away, hand_over_left
from referrals.asks.moves import edit, mark_called, send, send_again, skip, undo
from referrals.asks.notices import give_notices, put_away_done
from referrals.asks.own_mailbox import mark_sent, settle_copy
from referrals.asks.queueing import queue
from referrals.asks.rechecking import recheck_due, recheck_reminders
from referrals.asks.reminders import count_silences, remind_due
from referrals.asks.settling import note_bounce, settle, settle_left

__all__ = [
    "answer",
    "ask_by_hand",
    "cancel_for",
    "count_silences",
    "edit",
    "expire_overdue",
    "give_notices",
    "hand_over",
    "hand_over_away",
    "hand_over_left",
    "log_elsewhere",
    "mark_called",
    "mark_sent",
    "note_bounce",
    "put_away_done",
    "queue",
    "recheck_due",
    "recheck_reminders",
    "remind_due",
    "send",
    "send_again",
    "settle",
    "settle_copy",
    "settle_left",
    "skip",
    "undo",
]
