"""One address for each kind of page."""

SECTION = "/explainers/the-day-of-your-treatment/what-it-may-feel-like/"
PAGE_ADDRESSES = [
    "/",
    "/help/",
    "/explainers/",
    "/explainers/the-day-of-your-treatment/",
    SECTION,
    "/explainers/the-day-of-your-treatment/all/",
    "/how-ketamine-works/",
    "/how-ketamine-works/new-spines/",
    "/how-ketamine-works/all/",
    "/compounds/",
    "/compounds/ketamine/",
    "/compounds/esketamine/",
    "/compounds/tabernanthalog/",
    "/compounds/esketamine/numbers/",
    "/compounds/compare/?c=ketamine&c=esketamine&c=psilocybin",
    "/conditions/",
    "/conditions/treatment-resistant-depression/",
    "/conditions/suicidal-thoughts/",
    "/questions/",
    "/questions/how-fast-will-i-feel-better/",
    "/decide/ketamine-for-depression/",
    "/ask/",
    "/ask/?about=ketamine&q=how-fast-will-i-feel-better",
    "/glossary/",
    "/glossary/synapse/",
    "/claims/",
    "/sources/",
    "/sources/li-2010/",
    "/about/",
    "/about/review/",
    "/privacy/",
    "/accessibility/",
    "/changes/",
    "/search/?q=driving",
    "/search/?q=qqqqzzzz",
    "/connect/?system=rxnorm&code=6130",
    "/connect/application?mainSearchCriteria.v.ot=ketamine",
    "/c/oakside/before/",
    "/c/oakside/before/2/",
    "/s/",
    "/for-clinics/",
    "/clinics/?list=4vc64dnh4vcw",
    "/list/4vc64dnh4vcw/",
    "/no-such-page/",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 375, "height": 700}
SMALL_PHONE = {"width": 320, "height": 600}
# The same kind of page with less on it, for what takes long.
SHORT_ADDRESSES = {
    "/compounds/esketamine/numbers/": "/compounds/psilocybin/numbers/",
    "/questions/": "/questions/?topic=on-the-day",
    "/claims/": "/claims/?verdict=overstated",
    "/explainers/the-day-of-your-treatment/all/": "/explainers/for-families/all/",
}
