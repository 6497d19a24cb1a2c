from django.core.management import call_command
from django.db import migrations


def create_cache_table(apps, schema_editor):
    """The table of Django's DatabaseCache, see `database_settings.build_handout_cache`."""
    database = schema_editor.connection.alias
    call_command("createcachetable", "handouts_cache", database=database, verbosity=0)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(create_cache_table, migrations.RunPython.noop)]
