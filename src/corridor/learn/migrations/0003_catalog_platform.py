import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learn", "0002_catalog_documents")]

    operations = [
        migrations.RemoveConstraint(model_name="learningresource", name="resource_identity"),
        migrations.AlterField(
            model_name="learningresource",
            name="platform",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="resources", to="learn.platform"
            ),
        ),
        migrations.AddConstraint(
            model_name="learningresource",
            constraint=models.UniqueConstraint(
                fields=("platform", "readable_id", "resource_type"), name="resource_identity", nulls_distinct=False
            ),
        ),
    ]
