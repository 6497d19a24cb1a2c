"""Handouts: any page as an accessible PDF (PDF/UA-1, ISO 14289-1) to hold in hand.

`sheets` says what a handout of each kind of record holds, `writing` turns its prose into plain
data, `document` adds what every handout has, `press` has it printed in a process of its own, by
`printer` and the Typst template `handout.typ`. Data go to Typst as JSON alone, never as code.

`fonts/` has the faces of static/fonts/ (SIL Open Font License 1.1, licences there) as TrueType
files, with all their weights: Typst does not read WOFF2.
"""
