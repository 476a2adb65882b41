from django.db import migrations

# Versions of documents come from one sequence, so a later change always has a greater one.
SEQUENCE = "CREATE SEQUENCE mitxonline_document_version"

# Lines of orders refer to versions of products: what was sold, and for how much, never changes.
VERSIONS_STAY = """
    CREATE FUNCTION mitxonline_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$;
    CREATE TRIGGER product_version_kept BEFORE UPDATE OR DELETE ON mitxonline_productversion
        FOR EACH ROW EXECUTE FUNCTION mitxonline_refuse_change();
"""
VERSIONS_GO = """
    DROP TRIGGER product_version_kept ON mitxonline_productversion;
    DROP FUNCTION mitxonline_refuse_change();
"""

# A node and its parent belong to one program.
SAME_PROGRAM = """
    ALTER TABLE mitxonline_programrequirement ADD CONSTRAINT requirement_parent_of_program
        FOREIGN KEY (parent_id, program_id) REFERENCES mitxonline_programrequirement (id, program_id) DEFERRABLE INITIALLY DEFERRED
"""

# A topic that has a parent is nobody's parent. The lock on the parent makes two writers take turns.
TWO_LEVELS = """
    CREATE FUNCTION mitxonline_topic_levels() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.parent_id IS NULL THEN
            RETURN NEW;
        END IF;
        PERFORM 1 FROM mitxonline_topic WHERE id = NEW.parent_id AND parent_id IS NULL FOR UPDATE;
        IF NOT FOUND OR NEW.parent_id = NEW.id OR EXISTS (SELECT 1 FROM mitxonline_topic WHERE parent_id = NEW.id) THEN
            RAISE EXCEPTION 'topics have two levels' USING ERRCODE = 'check_violation', CONSTRAINT = 'topic_two_levels';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER topic_two_levels BEFORE INSERT OR UPDATE OF parent_id ON mitxonline_topic
        FOR EACH ROW EXECUTE FUNCTION mitxonline_topic_levels();
"""
LEVELS_GO = """
    DROP TRIGGER topic_two_levels ON mitxonline_topic;
    DROP FUNCTION mitxonline_topic_levels();
"""


class Migration(migrations.Migration):
    dependencies = [("mitxonline", "0001_initial")]

    operations = [
        migrations.RunSQL(SEQUENCE, "DROP SEQUENCE mitxonline_document_version"),
        migrations.RunSQL(VERSIONS_STAY, VERSIONS_GO),
        migrations.RunSQL(SAME_PROGRAM, "ALTER TABLE mitxonline_programrequirement DROP CONSTRAINT requirement_parent_of_program"),
        migrations.RunSQL(TWO_LEVELS, LEVELS_GO),
    ]
