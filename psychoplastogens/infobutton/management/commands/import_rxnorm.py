from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from psychoplastogens.infobutton.code_systems import CODE_SYSTEMS_BY_KEY
from psychoplastogens.infobutton.models import Code, Product
from psychoplastogens.infobutton.rxnorm_files import (
    RxnormFileError,
    RxnormProduct,
    read_products,
)

MAX_NAME_LENGTH = Product._meta.get_field("name").max_length


class Command(BaseCommand):
    help = (
        "Read a release of RxNorm (folder rrf/ with RXNCONSO, RXNREL and RXNSAT) and keep the "
        "products that lead to our medicines, so that a record system may send the code of a "
        "product, a brand or a package. Nothing else of it is kept. Run it for each release."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="the folder of the release")

    def handle(self, *, folder, **options):
        if (folder / "rrf").is_dir():
            folder = folder / "rrf"
        ingredients = set(Code.objects.filter(system="rxnorm").values_list("code", flat=True))
        try:
            found = read_products(folder, ingredients)
        except RxnormFileError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        if not found:
            raise CommandError("Nothing in it leads to a medicine of ours. Nothing was changed.")
        products = build_products(found)
        Product.objects.replace_all(products)
        for system, number in sorted(Counter(product.system for product in products).items()):
            self.stdout.write(f"{CODE_SYSTEMS_BY_KEY[system].name}: {number}")


def build_products(found: list[RxnormProduct]) -> list[Product]:
    """A row for each product and each of its packages that has a sound code.

    A package that RxNorm gives to products with different ingredients is left out.
    """
    rxnorm, ndc = CODE_SYSTEMS_BY_KEY["rxnorm"], CODE_SYSTEMS_BY_KEY["ndc"]
    rows: dict[tuple[str, str], Product] = {}
    ambiguous = set()
    for product in found:
        codes = [(rxnorm, product.code), *((ndc, package) for package in product.packages)]
        for system, sent in codes:
            for code in system.read_codes(sent)[:1]:
                name = product.name[:MAX_NAME_LENGTH]
                row = Product(
                    system=system.key, code=code, name=name, ingredient=product.ingredient
                )
                known = rows.setdefault((system.key, code), row)
                if known.ingredient != product.ingredient:
                    ambiguous.add((system.key, code))
    return [row for key, row in rows.items() if key not in ambiguous]
