"""Handouts: any page as an accessible PDF (PDF/UA-1, ISO 14289-1).

Each page says what its sheet holds. `typst_data` turns its prose into plain data, `document` adds
what every handout has, `pdf_rendering` renders it in a process of its own, with `typst_worker` and
the Typst template `handout.typ`. Data go to Typst as JSON, never as code.

`fonts/` has the faces of static/fonts/ (SIL Open Font License 1.1, licences there) as TrueType
files, with all their weights: Typst does not read WOFF2.
"""
