from django.db import migrations
from django.db.models import F

from psychoplastogens.content.fields import ProseField

SHORT_LINE = "At most 22 words, with sources. Where nobody knows, say so."
NOT_KNOWN = "Where nobody knows, write “Not known” and why. That needs no source."
FIELDS = (
    ("short_what", "what it is", SHORT_LINE),
    ("short_benefit", "may do", SHORT_LINE),
    ("short_risks", "risks", SHORT_LINE),
    ("short_not_for", "not for", SHORT_LINE),
    ("visit_time", "time at a visit", NOT_KNOWN),
    ("cost", None, NOT_KNOWN),
    ("where_given", "where", NOT_KNOWN),
    ("driving", None, NOT_KNOWN),
)


def keep_key_points(apps, schema_editor):
    """What staff wrote stays in “May do”. Untouched starter content is loaded anew."""
    apps.get_model("content", "Compound").objects.update(short_benefit=F("key_points"))
    loaded = apps.get_model("editorial", "LoadedRecord").objects
    loaded.filter(kind="compounds").update(record_digest="")


class Migration(migrations.Migration):
    """The column key_points stays for code that still runs; a later release takes it away."""

    dependencies = [
        ("content", "0005_faq_do_now"),
        ("editorial", "0006_lists_number"),
    ]

    operations = [
        *(
            migrations.AddField(
                "compound",
                name,
                ProseField(verbose_name=label, help_text=help_text, default=""),
                preserve_default=False,
            )
            for name, label, help_text in FIELDS
        ),
        migrations.RunPython(keep_key_points, migrations.RunPython.noop, elidable=True),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("compound", "key_points")],
            database_operations=[
                migrations.AlterField("compound", "key_points", ProseField(db_default=""))
            ],
        ),
    ]
