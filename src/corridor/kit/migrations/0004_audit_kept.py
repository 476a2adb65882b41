from django.db import migrations

KEPT = """
    CREATE FUNCTION kit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$;
    CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON kit_auditentry
        FOR EACH ROW EXECUTE FUNCTION kit_refuse_change();
"""
GONE = """
    DROP TRIGGER audit_entry_kept ON kit_auditentry;
    DROP FUNCTION kit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0003_audit")]

    operations = [migrations.RunSQL(KEPT, GONE)]
