from django.db import migrations

KEPT = {
    "enrollment_change_kept": "mitxonline_enrollmentchange",
    "order_line_kept": "mitxonline_orderline",
    "checkout_attempt_kept": "mitxonline_checkoutattempt",
    "transaction_kept": "mitxonline_transaction",
    "posting_kept": "mitxonline_posting",
    "refund_line_kept": "mitxonline_refundline",
}
ROWS_STAY = "\n".join(
    f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION mitxonline_refuse_change();"
    for name, table in KEPT.items()
)
ROWS_GO = "\n".join(f"DROP TRIGGER {name} ON {table};" for name, table in KEPT.items())

# What was asked for, and what was said, stays; what became of it is written beside it.
WRITTEN_ONCE = """
    CREATE FUNCTION mitxonline_order_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR (NEW.purchaser_id, NEW.reference_number, NEW.total_price_paid, NEW.digest, NEW.created_on)
            IS DISTINCT FROM (OLD.purchaser_id, OLD.reference_number, OLD.total_price_paid, OLD.digest, OLD.created_on) THEN
            RAISE EXCEPTION 'what an order asks for never changes' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER order_kept BEFORE UPDATE OR DELETE ON mitxonline_order FOR EACH ROW EXECUTE FUNCTION mitxonline_order_kept();

    CREATE FUNCTION mitxonline_notice_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR (NEW.gateway, NEW.channel, NEW.digest, NEW.transaction_id, NEW.decision, NEW.amount, NEW.currency, NEW.payload)
            IS DISTINCT FROM (OLD.gateway, OLD.channel, OLD.digest, OLD.transaction_id, OLD.decision, OLD.amount, OLD.currency, OLD.payload)
        THEN
            RAISE EXCEPTION 'what a gateway said never changes' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER notice_kept BEFORE UPDATE OR DELETE ON mitxonline_gatewaynotice
        FOR EACH ROW EXECUTE FUNCTION mitxonline_notice_kept();
"""
WRITTEN_OFTEN = """
    DROP TRIGGER order_kept ON mitxonline_order;
    DROP FUNCTION mitxonline_order_kept();
    DROP TRIGGER notice_kept ON mitxonline_gatewaynotice;
    DROP FUNCTION mitxonline_notice_kept();
"""

# A mode drops where the action that lowers it has said why, in this transaction.
MODES_STAY = """
    CREATE FUNCTION mitxonline_mode_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.mode = 'verified' AND NEW.mode <> 'verified' AND coalesce(current_setting('mitxonline.downgrade', true), '') = '' THEN
            RAISE EXCEPTION 'an enrollment leaves the verified track for a stated reason only' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER enrollment_mode_kept BEFORE UPDATE OF mode ON mitxonline_runenrollment
        FOR EACH ROW EXECUTE FUNCTION mitxonline_mode_kept();
    CREATE TRIGGER enrollment_mode_kept BEFORE UPDATE OF mode ON mitxonline_programenrollment
        FOR EACH ROW EXECUTE FUNCTION mitxonline_mode_kept();
"""
MODES_GO = """
    DROP TRIGGER enrollment_mode_kept ON mitxonline_runenrollment;
    DROP TRIGGER enrollment_mode_kept ON mitxonline_programenrollment;
    DROP FUNCTION mitxonline_mode_kept();
"""

# At commit the newest change in the ledger says what the enrollment says.
AS_LEDGER = """
    CREATE FUNCTION mitxonline_enrollment_as_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        owner text := TG_ARGV[0];
        same boolean;
    BEGIN
        EXECUTE format(
            'SELECT (c.active, c.mode, c.change_status) IS NOT DISTINCT FROM (e.active, e.mode, e.change_status)
             FROM %I e LEFT JOIN mitxonline_enrollmentchange c ON c.%I = e.id
             WHERE e.id = $1 ORDER BY c.number DESC NULLS LAST LIMIT 1', TG_TABLE_NAME, owner) INTO same USING NEW.id;
        IF same IS FALSE THEN
            RAISE EXCEPTION 'enrollment % is not what its ledger says', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'enrollment_as_ledger';
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER enrollment_as_ledger AFTER INSERT OR UPDATE OF active, mode, change_status ON mitxonline_runenrollment
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mitxonline_enrollment_as_ledger('run_enrollment_id');
    CREATE CONSTRAINT TRIGGER enrollment_as_ledger AFTER INSERT OR UPDATE OF active, mode, change_status ON mitxonline_programenrollment
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mitxonline_enrollment_as_ledger('program_enrollment_id');
"""
AS_ANYTHING = """
    DROP TRIGGER enrollment_as_ledger ON mitxonline_runenrollment;
    DROP TRIGGER enrollment_as_ledger ON mitxonline_programenrollment;
    DROP FUNCTION mitxonline_enrollment_as_ledger();
"""

# A limited discount numbers its uses up to the limit; what was released does not come back.
WITHIN_LIMIT = """
    CREATE FUNCTION mitxonline_redemption_within_limit() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        most integer;
        by_user boolean;
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF OLD.state = 'released' OR (OLD.state = 'redeemed' AND NEW.state = 'reserved')
                OR (NEW.discount_id, NEW.user_id, NEW.order_id, NEW.slot, NEW.per_user)
                    IS DISTINCT FROM (OLD.discount_id, OLD.user_id, OLD.order_id, OLD.slot, OLD.per_user) THEN
                RAISE EXCEPTION 'a redemption goes from reserved to redeemed or released' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END IF;
        SELECT CASE redemption_type WHEN 'one-time' THEN 1 ELSE max_redemptions END, redemption_type = 'one-time-per-user'
            INTO most, by_user FROM mitxonline_discount WHERE id = NEW.discount_id FOR SHARE;
        IF NEW.per_user <> by_user OR (most > 0 AND (NEW.slot IS NULL OR NEW.slot > most)) THEN
            RAISE EXCEPTION 'discount % has no such use', NEW.discount_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'redemption_within_limit';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER redemption_within_limit BEFORE INSERT OR UPDATE ON mitxonline_redemption
        FOR EACH ROW EXECUTE FUNCTION mitxonline_redemption_within_limit();
"""
WITHOUT_LIMIT = """
    DROP TRIGGER redemption_within_limit ON mitxonline_redemption;
    DROP FUNCTION mitxonline_redemption_within_limit();
"""

# The postings of a transaction come to nothing, and those above nothing to its amount.
BALANCED = """
    CREATE FUNCTION mitxonline_transaction_balances() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        moved bigint := CASE TG_TABLE_NAME WHEN 'mitxonline_posting' THEN (to_jsonb(NEW) ->> 'transaction_id')::bigint ELSE NEW.id END;
        rest numeric;
        received numeric;
        told numeric;
    BEGIN
        SELECT coalesce(sum(amount), 0), coalesce(sum(amount) FILTER (WHERE amount > 0), 0) INTO rest, received
            FROM mitxonline_posting WHERE transaction_id = moved;
        SELECT amount INTO told FROM mitxonline_transaction WHERE id = moved;
        IF rest <> 0 OR received <> told THEN
            RAISE EXCEPTION 'transaction % does not balance', moved
                USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_balances';
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER transaction_balances AFTER INSERT ON mitxonline_transaction
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mitxonline_transaction_balances();
    CREATE CONSTRAINT TRIGGER transaction_balances AFTER INSERT ON mitxonline_posting
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mitxonline_transaction_balances();
"""
UNBALANCED = """
    DROP TRIGGER transaction_balances ON mitxonline_transaction;
    DROP TRIGGER transaction_balances ON mitxonline_posting;
    DROP FUNCTION mitxonline_transaction_balances();
"""

# A line is sold for its total at most and refunded what was paid at most; the lock makes two writers take turns.
SOLD_ONCE = """
    CREATE FUNCTION mitxonline_line_sold_once() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        most numeric;
        sold numeric;
    BEGIN
        SELECT total INTO most FROM mitxonline_orderline WHERE id = NEW.line_id FOR NO KEY UPDATE;
        SELECT coalesce(sum(amount), 0) INTO sold FROM mitxonline_posting WHERE line_id = NEW.line_id;
        IF sold > 0 OR sold < -most THEN
            RAISE EXCEPTION 'line % would be sold for %', NEW.line_id, -sold
                USING ERRCODE = 'check_violation', CONSTRAINT = 'line_sold_once';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER line_sold_once AFTER INSERT ON mitxonline_posting
        FOR EACH ROW WHEN (NEW.line_id IS NOT NULL) EXECUTE FUNCTION mitxonline_line_sold_once();
"""
SOLD_OFTEN = """
    DROP TRIGGER line_sold_once ON mitxonline_posting;
    DROP FUNCTION mitxonline_line_sold_once();
"""


class Migration(migrations.Migration):
    dependencies = [("mitxonline", "0003_enrollment_and_commerce")]

    operations = [
        migrations.RunSQL(ROWS_STAY, ROWS_GO),
        migrations.RunSQL(WRITTEN_ONCE, WRITTEN_OFTEN),
        migrations.RunSQL(MODES_STAY, MODES_GO),
        migrations.RunSQL(AS_LEDGER, AS_ANYTHING),
        migrations.RunSQL(WITHIN_LIMIT, WITHOUT_LIMIT),
        migrations.RunSQL(BALANCED, UNBALANCED),
        migrations.RunSQL(SOLD_ONCE, SOLD_OFTEN),
    ]
