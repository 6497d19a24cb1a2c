"""Makes the site's pages from the words in WAGTAIL_DATA/article.json: /articles/article/.

python -m wagtail_site.fill
"""

import json

import django
from django.conf import settings


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from wagtail.models import Page, Site
    from wagtail_site.models import ArticlePage

    migrations = settings.DATA / "wagtail_migrations"
    migrations.mkdir()
    (migrations / "__init__.py").touch()
    call_command("makemigrations", "wagtail_site", verbosity=0)
    call_command("migrate", verbosity=0)
    words = json.loads((settings.DATA / "article.json").read_text())
    body = [{"type": kind, "value": text} for kind, text in words]
    home = ArticlePage(title="Home", slug="site", show_in_menus=True)
    Page.get_first_root_node().add_child(instance=home)
    section = ArticlePage(title="Articles", slug="articles", show_in_menus=True)
    home.add_child(instance=section)
    for number in range(3):
        home.add_child(instance=ArticlePage(title=f"Section {number}", show_in_menus=True))
    for number in range(10):
        slug = f"article-{number}" if number else "article"
        article = ArticlePage(title=f"Article {number}", slug=slug, body=json.dumps(body))
        section.add_child(instance=article)
    Site.objects.all().delete()
    Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)


main()
