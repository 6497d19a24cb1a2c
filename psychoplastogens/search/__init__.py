"""How readers find a page by words.

`documents` lists what can be found, `spelling` and `vocabulary` read a query, `index` ranks the
documents with tantivy, `index_cache` holds one index a language for the current content version.
`zero_results` counts the searches that found nothing.
"""
