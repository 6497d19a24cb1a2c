"""axe-core in a page: what it finds wrong, a line for each place."""

from importlib import resources

SOURCE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What colors and width can change. All other rules judge the markup, which stays the same.
BY_LOOK = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]


def violations(page, only=None) -> list[str]:
    """Every accessibility violation in the page as it is now, by all rules or `only` by these."""
    rules = {"type": "rule", "values": only} if only else {"type": "tag", "values": RULES}
    if not page.evaluate("'axe' in window"):
        # evaluate() passes the page's Content-Security-Policy; a script tag would not.
        page.evaluate(SOURCE)
    found = page.evaluate(
        "runOnly => axe.run(document, {runOnly, resultTypes: ['violations']})", rules
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['target']}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]
