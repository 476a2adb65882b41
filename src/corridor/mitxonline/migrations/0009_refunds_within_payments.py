from django.db import migrations, models

# What is owed back and what went back are together no more than what was paid: for a payment, and for each line.
# The locks make two writers take turns.
WITHIN_PAYMENT = """
    CREATE FUNCTION mitxonline_refund_within_payment() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        paid numeric;
        back numeric;
    BEGIN
        SELECT amount INTO paid FROM mitxonline_transaction WHERE id = NEW.payment_id AND transaction_type = 'payment' FOR NO KEY UPDATE;
        SELECT coalesce(sum(amount), 0) INTO back FROM mitxonline_refund WHERE payment_id = NEW.payment_id AND state <> 'refused';
        IF paid IS NULL OR back + NEW.amount > paid THEN
            RAISE EXCEPTION 'payment % has no % left to refund', NEW.payment_id, NEW.amount
                USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_within_payment';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER refund_within_payment BEFORE INSERT ON mitxonline_refund
        FOR EACH ROW EXECUTE FUNCTION mitxonline_refund_within_payment();

    CREATE FUNCTION mitxonline_refund_within_line() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        paid numeric;
        back numeric;
    BEGIN
        PERFORM 1 FROM mitxonline_orderline WHERE id = NEW.line_id FOR NO KEY UPDATE;
        SELECT coalesce(-sum(amount), 0) INTO paid FROM mitxonline_posting WHERE line_id = NEW.line_id AND amount < 0;
        SELECT coalesce(sum(part.amount), 0) INTO back FROM mitxonline_refundline part
            JOIN mitxonline_refund refund ON refund.id = part.refund_id WHERE part.line_id = NEW.line_id AND refund.state <> 'refused';
        IF back + NEW.amount > paid THEN
            RAISE EXCEPTION 'line % has no % left to refund', NEW.line_id, NEW.amount
                USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_within_line';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER refund_within_line BEFORE INSERT ON mitxonline_refundline
        FOR EACH ROW EXECUTE FUNCTION mitxonline_refund_within_line();
"""
BEYOND_PAYMENT = """
    DROP TRIGGER refund_within_payment ON mitxonline_refund;
    DROP FUNCTION mitxonline_refund_within_payment();
    DROP TRIGGER refund_within_line ON mitxonline_refundline;
    DROP FUNCTION mitxonline_refund_within_line();
"""

# A refund goes from owed over pending to succeeded or refused, and stays there; how much it is of what never changes.
REFUND_KEPT = """
    CREATE FUNCTION mitxonline_refund_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR (NEW.order_id, NEW.payment_id, NEW.amount, NEW.keeps_seats, NEW.created_on)
            IS DISTINCT FROM (OLD.order_id, OLD.payment_id, OLD.amount, OLD.keeps_seats, OLD.created_on)
            OR (NEW.state <> OLD.state AND (OLD.state IN ('succeeded', 'refused') OR NEW.state = 'owed')) THEN
            RAISE EXCEPTION 'what a refund gives back, and how it ended, never changes' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER refund_kept BEFORE UPDATE OR DELETE ON mitxonline_refund FOR EACH ROW EXECUTE FUNCTION mitxonline_refund_kept();
"""
REFUND_LOOSE = """
    DROP TRIGGER refund_kept ON mitxonline_refund;
    DROP FUNCTION mitxonline_refund_kept();
"""

# A refund that names lines is what they come to.
ADDS_UP = """
    CREATE FUNCTION mitxonline_refund_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        parts numeric;
        whole numeric;
    BEGIN
        SELECT sum(amount) INTO parts FROM mitxonline_refundline WHERE refund_id = NEW.refund_id;
        SELECT amount INTO whole FROM mitxonline_refund WHERE id = NEW.refund_id;
        IF parts <> whole THEN
            RAISE EXCEPTION 'refund % does not add up', NEW.refund_id USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_adds_up';
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER refund_adds_up AFTER INSERT ON mitxonline_refundline
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mitxonline_refund_adds_up();
"""
ADDS_ANYHOW = """
    DROP TRIGGER refund_adds_up ON mitxonline_refundline;
    DROP FUNCTION mitxonline_refund_adds_up();
"""


class Migration(migrations.Migration):
    dependencies = [("mitxonline", "0008_courseware")]

    operations = [
        migrations.AddField("gatewaynotice", "occurred_at", models.DateTimeField(null=True)),
        migrations.RunSQL(WITHIN_PAYMENT, BEYOND_PAYMENT),
        migrations.RunSQL(REFUND_KEPT, REFUND_LOOSE),
        migrations.RunSQL(ADDS_UP, ADDS_ANYHOW),
    ]
