"""axe-core in a page: what it finds wrong, a line for each place."""

from importlib import resources

SOURCE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What colors and width can change. All other rules judge the markup, which stays the same.
BY_LOOK = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]


def violations(page, only=None, preload=True) -> list[str]:
    """Every accessibility violation in the page as it is now, by all rules or `only` by these.

    Without `preload` style sheets are not read: axe-core writes what they import into the page,
    which the policy refuses, and Django's forms import some.
    """
    rules = {"type": "rule", "values": only} if only else {"type": "tag", "values": RULES}
    if not page.evaluate("'axe' in window"):
        # evaluate() passes the page's Content-Security-Policy; a script tag would not.
        page.evaluate(SOURCE)
    found = page.evaluate(
        "options => axe.run(document, {...options, resultTypes: ['violations']})",
        {"runOnly": rules, "preload": preload},
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['target']}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]
