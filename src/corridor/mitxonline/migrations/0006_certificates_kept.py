from django.db import migrations

KEPT = """
    CREATE TRIGGER grade_change_kept BEFORE UPDATE OR DELETE ON mitxonline_gradechange
        FOR EACH ROW EXECUTE FUNCTION mitxonline_refuse_change();
    CREATE TRIGGER credential_kept BEFORE UPDATE OR DELETE ON mitxonline_credential
        FOR EACH ROW EXECUTE FUNCTION mitxonline_refuse_change();
    CREATE TRIGGER certificate_not_deleted BEFORE DELETE ON mitxonline_certificate
        FOR EACH ROW EXECUTE FUNCTION mitxonline_refuse_change();
"""
KEPT_NO_MORE = """
    DROP TRIGGER grade_change_kept ON mitxonline_gradechange;
    DROP TRIGGER credential_kept ON mitxonline_credential;
    DROP TRIGGER certificate_not_deleted ON mitxonline_certificate;
"""

# People frame certificates: what one says stays, and one that was revoked stays so. Whoever is to have it again gets another.
CERTIFICATES_STAY = """
    CREATE FUNCTION mitxonline_certificate_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.is_revoked OR (NEW.id, NEW.uuid, NEW.user_id, NEW.course_run_id, NEW.program_id, NEW.issue_date, NEW.snapshot, NEW.replaces_id)
            IS DISTINCT FROM (OLD.id, OLD.uuid, OLD.user_id, OLD.course_run_id, OLD.program_id, OLD.issue_date, OLD.snapshot, OLD.replaces_id)
        THEN
            RAISE EXCEPTION 'certificate % stays as it was issued', OLD.uuid
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'certificate_kept';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER certificate_kept BEFORE UPDATE ON mitxonline_certificate
        FOR EACH ROW EXECUTE FUNCTION mitxonline_certificate_kept();
"""
CERTIFICATES_GO = """
    DROP TRIGGER certificate_kept ON mitxonline_certificate;
    DROP FUNCTION mitxonline_certificate_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("mitxonline", "0005_certificates_and_records")]

    operations = [migrations.RunSQL(KEPT, KEPT_NO_MORE), migrations.RunSQL(CERTIFICATES_STAY, CERTIFICATES_GO)]
