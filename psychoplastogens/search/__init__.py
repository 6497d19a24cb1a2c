"""How readers find a page by words.

`documents` lists what can be found, `spelling` and `vocabulary` read a query, `index` ranks the
documents with tantivy, `index_cache` holds one index a language for the current content version.
`answers` takes the first sentence of a page, with its source. Synonyms are records of `models`,
and `content_loader` loads those of fixtures/. `zero_results` counts searches that found nothing.
"""
