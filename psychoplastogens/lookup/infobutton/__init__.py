"""HL7 Infobutton: a record system asks with a code, and gets the pages that answer it.

The way of a request: `question` reads its parameters, `catalog` knows which page claims which
code, `pages` makes a page into an entry, `answer` puts the two together, `feed` writes it down as
Atom, JSON or JSONP. Nothing of a request is kept or logged; see `views`.

"HL7 IG" in these modules is the URL-based implementation guide of Infobutton, release 4 (2014);
"SOA guide" the implementation guide of its services, release 1 (2013).
"""
