"""HL7 Infobutton: a record system sends a code and gets the pages that answer it.

A request passes through `request_parsing` (its parameters), `catalog` (which page answers which
code), `entries` (a page as an entry of a feed), `answers` (which entries, in which order) and
`feed` (Atom, JSON or JSONP). Nothing of a request is stored or logged; see `views`.

"HL7 IG" in these modules is the URL-based implementation guide of Infobutton, release 4 (2014);
"SOA guide" the implementation guide of its services, release 1 (2013).
"""
