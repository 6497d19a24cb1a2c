from django.db import migrations, models


def make_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.get_or_create(name="Account manager")


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_linked_identity"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunPython(make_group, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="accountevent",
            name="kind",
            field=models.CharField(choices=[("second_factor", "Second factor"), ("role", "Role"), ("password", "Password"), ("lock_out", "Lock-out"), ("invitation", "Invitation"), ("sign_on", "Single sign-on"), ("sessions", "Sessions")], max_length=13),
        ),
    ]
