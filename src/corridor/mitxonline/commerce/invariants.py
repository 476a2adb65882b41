"""What is true of money, codes and seats whenever no transaction is open. The proofs check it after every run, the reconciliation by the day."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from . import states
from .models import Order

BATCH = 500


@dataclass(frozen=True)
class Broken:
    """Something of which a rule does not hold."""

    rule: str
    about: str
    said: str


def broken() -> list[Broken]:
    """Everything that is wrong with the books."""
    return [*broken_rules(), *_states()]


def broken_rules() -> Iterator[Broken]:
    """Of the rules that a query holds: a query for each."""
    with connection.cursor() as cursor:
        for rule, (sql, said) in RULES.items():
            cursor.execute(sql)
            for about, *values in cursor.fetchall():
                yield Broken(rule, str(about), said.format(*values))


def _states() -> Iterator[Broken]:
    """The state of an order is what ledger and notices make of it."""
    last = 0
    while orders := list(Order.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = orders[-1].pk
        derived = states.derived(orders)
        for order in orders:
            if order.state != derived[order.pk]:
                yield Broken("state as derived", order.reference_number, f"is {order.state}, ledger and notices say {derived[order.pk]}")


# What is sold and refunded of each line, as posted.
BY_LINE = """
    SELECT line.id, line.order_id, line.total, line.course_run_id, line.program_id, buyer.purchaser_id, buyer.reference_number,
        buyer.fulfilled_on IS NOT NULL AS paid,
        coalesce((SELECT -sum(amount) FROM mitxonline_posting WHERE line_id = line.id AND amount < 0), 0) AS sold,
        coalesce((SELECT sum(amount) FROM mitxonline_posting WHERE line_id = line.id AND amount > 0), 0) AS back,
        coalesce((SELECT sum(part.amount) FROM mitxonline_refundline part JOIN mitxonline_refund refund ON refund.id = part.refund_id
            WHERE part.line_id = line.id AND refund.state = 'succeeded'), 0) AS refunded,
        EXISTS (SELECT 1 FROM mitxonline_refundline part JOIN mitxonline_refund refund ON refund.id = part.refund_id
            WHERE part.line_id = line.id AND refund.keeps_seats) AS goodwill,
        EXISTS (SELECT 1 FROM mitxonline_entitlement WHERE line_id = line.id AND ended_on IS NULL) AS entitled,
        EXISTS (SELECT 1 FROM mitxonline_case WHERE order_id = line.order_id AND kind = 'bought_before') AS bought_before
    FROM mitxonline_orderline line JOIN mitxonline_order buyer ON buyer.id = line.order_id
"""
SEATED = """
    (SELECT 1 FROM mitxonline_{kind}enrollment seat WHERE seat.user_id = {user} AND seat.{column}_id = {thing}
        AND seat.mode = 'verified' AND (seat.active OR seat.change_status IS NOT NULL))
"""
IN_RUN = SEATED.format(kind="run", column="course_run", user="e.user_id", thing="e.course_run_id")
IN_PROGRAM = SEATED.format(kind="program", column="program", user="e.user_id", thing="e.program_id")
STILL_IN_RUN = SEATED.format(kind="run", column="course_run", user="of.purchaser_id", thing="of.course_run_id")
STILL_IN_PROGRAM = SEATED.format(kind="program", column="program", user="of.purchaser_id", thing="of.program_id")
VIEW = """
    SELECT '{kind} enrollment ' || seat.id FROM mitxonline_{kind}enrollment seat LEFT JOIN LATERAL (
        SELECT active, mode, change_status FROM mitxonline_enrollmentchange
        WHERE {kind}_enrollment_id = seat.id ORDER BY number DESC LIMIT 1) newest ON true
    WHERE (seat.active, seat.mode, seat.change_status) IS DISTINCT FROM (newest.active, newest.mode, newest.change_status)
"""

# By rule: a query that finds what breaks it, and what to say of it. Nothing in them comes from outside.
RULES: dict[str, tuple[str, str]] = {
    "ledger balanced": (
        """SELECT moved.transaction_id, coalesce(sum(part.amount), 0), moved.amount
            FROM mitxonline_transaction moved LEFT JOIN mitxonline_posting part ON part.transaction_id = moved.id GROUP BY moved.id
            HAVING coalesce(sum(part.amount), 0) <> 0 OR coalesce(sum(part.amount) FILTER (WHERE part.amount > 0), 0) <> moved.amount""",
        "its postings come to {} and it to {}",
    ),
    "no double charge": (
        f"SELECT reference_number, id, sold, total FROM ({BY_LINE}) of WHERE sold <> CASE WHEN paid THEN total ELSE 0 END",  # noqa: S608 - no values in it
        "line {} was sold for {} and costs {}",
    ),
    "money for nothing has a case": (
        """SELECT moved.transaction_id, moved.amount FROM mitxonline_transaction moved
            WHERE moved.refund_id IS NULL
            AND EXISTS (SELECT 1 FROM mitxonline_posting WHERE transaction_id = moved.id AND account = 'suspense')
            AND NOT EXISTS (SELECT 1 FROM mitxonline_case found WHERE found.transaction_id = moved.id
                AND (found.kind <> 'paid_twice' OR EXISTS (SELECT 1 FROM mitxonline_refund WHERE payment_id = moved.id)))""",
        "{} is held for nothing, without a case, or was paid twice and does not go back",
    ),
    "no code used too often": (
        """SELECT discount.discount_code, count(*), CASE redemption_type WHEN 'one-time' THEN 1 ELSE max_redemptions END
            FROM mitxonline_discount discount JOIN mitxonline_redemption used ON used.discount_id = discount.id AND used.state <> 'released'
            GROUP BY discount.id HAVING count(*) > CASE redemption_type WHEN 'one-time' THEN 1 ELSE max_redemptions END
            AND (redemption_type = 'one-time' OR max_redemptions > 0)
            UNION ALL
            SELECT discount.discount_code, count(*), 1
            FROM mitxonline_discount discount JOIN mitxonline_redemption used ON used.discount_id = discount.id AND used.state <> 'released'
            WHERE redemption_type = 'one-time-per-user' GROUP BY discount.id, used.user_id HAVING count(*) > 1""",
        "used {} times of {}",
    ),
    "codes follow their orders": (
        """SELECT buyer.reference_number, used.state, buyer.state
            FROM mitxonline_redemption used JOIN mitxonline_order buyer ON buyer.id = used.order_id
            WHERE (used.state = 'redeemed' AND buyer.fulfilled_on IS NULL)
            OR (used.state = 'reserved' AND (buyer.fulfilled_on IS NOT NULL OR buyer.state NOT IN ('pending', 'review')))
            UNION ALL
            SELECT buyer.reference_number, 'released', buyer.state FROM mitxonline_order buyer
            WHERE buyer.fulfilled_on IS NOT NULL AND EXISTS (SELECT 1 FROM mitxonline_redemption WHERE order_id = buyer.id)
            AND NOT EXISTS (SELECT 1 FROM mitxonline_redemption WHERE order_id = buyer.id AND state = 'redeemed')
            AND NOT EXISTS (SELECT 1 FROM mitxonline_case WHERE order_id = buyer.id AND kind = 'code_gone')""",
        "its code is {} and it is {}",
    ),
    "nobody paid and unseated": (
        f"""SELECT reference_number, id FROM ({BY_LINE}) of
            WHERE paid AND NOT entitled AND NOT bought_before AND (total = 0 OR refunded < total)
            UNION ALL
            SELECT 'entitlement ' || e.id, coalesce(e.line_id, 0) FROM mitxonline_entitlement e WHERE e.ended_on IS NULL
            AND NOT EXISTS {IN_RUN} AND NOT EXISTS {IN_PROGRAM}""",  # noqa: S608 - no values in it
        "line {} is paid and gives no seat",
    ),
    "a refund undoes its line": (
        f"""SELECT reference_number, id, back, refunded FROM ({BY_LINE}) of
            WHERE back <> refunded OR (total > 0 AND refunded = total AND entitled AND NOT goodwill)
            OR (total > 0 AND refunded = total AND NOT goodwill AND EXISTS (SELECT 1 FROM mitxonline_entitlement WHERE line_id = of.id)
                AND NOT EXISTS (SELECT 1 FROM mitxonline_entitlement other WHERE other.user_id = of.purchaser_id AND other.ended_on IS NULL
                    AND (other.course_run_id = of.course_run_id OR other.program_id = of.program_id))
                AND (EXISTS {STILL_IN_RUN} OR EXISTS {STILL_IN_PROGRAM}))""",  # noqa: S608 - no values in it
        "of line {} {} went back in the ledger and {} by refunds, or its seat stays",
    ),
    "a refund is booked once": (
        """SELECT refund.id, refund.state, refund.amount, coalesce(sum(moved.amount), 0)
            FROM mitxonline_refund refund LEFT JOIN mitxonline_transaction moved ON moved.refund_id = refund.id GROUP BY refund.id
            HAVING coalesce(sum(moved.amount), 0) <> CASE refund.state WHEN 'succeeded' THEN refund.amount ELSE 0 END""",
        "is {} with {}, and {} is booked",
    ),
    "view as ledger": (f"{VIEW.format(kind='run')} UNION ALL {VIEW.format(kind='program')}", "is not what its newest change says"),
}
