from django.db import migrations

from psychoplastogens.content.fields import ProseField


def load_anew(apps, schema_editor):
    """Starter content that nobody touched is loaded anew, with the new line."""
    loaded = apps.get_model("editorial", "LoadedRecord").objects
    loaded.filter(kind="conditions").update(record_digest="")


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0006_compound_short_lines"),
        ("editorial", "0006_lists_number"),
    ]

    operations = [
        migrations.AddField(
            "conditionoption",
            "approval",
            ProseField(
                verbose_name="status",
                blank=True,
                help_text="What the FDA says of it, with a date.",
                default="",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            "conditionoption",
            "living_with",
            ProseField(verbose_name="what it takes", blank=True),
        ),
        migrations.RunPython(load_anew, migrations.RunPython.noop, elidable=True),
    ]
