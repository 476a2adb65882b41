"""What staff are told to do, in sentences. Pure."""

from collections.abc import Mapping

from corridor.mitxonline.ledger.vocabulary import CaseKind
from corridor.mitxonline.reconciliation.vocabulary import FindingKind

CASES: Mapping[str, str] = {
    CaseKind.UNKNOWN_ORDER: "Look the number up at the gateway. Refund the payment there if no learner of ours paid it, then close this with what you found.",
    CaseKind.AMOUNT_DIFFERS: "Nothing was given for this money. Ask the learner what happened; refund it, or grant the track by hand, and close this.",
    CaseKind.PAID_TWICE: "The second payment goes back by itself. Close this when its refund is done; the order shows it.",
    CaseKind.BOUGHT_BEFORE: "The learner had this already, so the money for it goes back by itself. Close this when its refund is done.",
    CaseKind.CODE_GONE: "The learner keeps price and seat. Nothing needs doing unless the code was limited for a reason; then tell whoever gave it out.",
    CaseKind.NOTICE_REFUSED: "Nothing was changed. One of these is noise; many are an attack, or keys that differ from the gateway's: tell operations.",
    CaseKind.REFUND_REFUSED: "The gateway does not give the money back. Read why, refund in the gateway's own console or by bank, and close this with how.",
    CaseKind.REFUND_UNKNOWN: "Somebody refunded at the gateway itself. Enter it here with a refund of the same amount only if the gateway's number shows none.",
    CaseKind.REFUND_BOUNCED: "The payer's bank did not take the refund. Ask the learner for another way, pay it by bank, and close this with how.",
    CaseKind.DISPUTE: "Answer the dispute in the gateway's console before its date, with the order's statement. The seat stays until it is decided.",
}

FINDINGS: Mapping[str, str] = {
    FindingKind.PAID_UNSEATED: "Grant what was paid for, or refund the line.",
    FindingKind.NOT_IN_COURSEWARE: "Send it to the courseware again.",
    FindingKind.NOT_IN_LEDGER: "Ask the gateway what became of the order; the payment is then taken in as if it had been told of it.",
    FindingKind.NOT_AT_GATEWAY: "Look the number up at the gateway. A payment that is not there was never made: tell operations.",
    FindingKind.RIGHT_UNUSED: "Enroll the learner in the verified track that they have a right to.",
    FindingKind.SEAT_UNCOVERED: "See in the timeline how the learner came to it: grant the right, or move the enrollment to the audit track.",
    FindingKind.CODE_MISCOUNTED: "See what became of the order: the code's use follows it.",
    FindingKind.CERTIFICATE_DUE: "Issue it.",
    FindingKind.BOOKS: "Nothing of ours writes this: stop selling and tell operations. The sentence says what the rule asks for.",
    FindingKind.ORDER_STATE: "Write the state that the ledger makes of it.",
}


def done_about_case(kind: str) -> str:
    return CASES[kind]


def done_about_finding(kind: str) -> str:
    return FINDINGS[kind]
