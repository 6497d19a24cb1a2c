"""Whole responses, answered before Django: each public address is rendered once a content version.

    policies    what a view lets the store keep, said by `public_page`
    requests    which request asks for which stored response
    responses   a stored response and its forms: brotli, gzip, plain, 304
    memory      the responses of this process, bounded
    disk        the last good copies, shared by the processes of a machine
    versions    the content version, read by one thread of a process and never by a request
    store       the WSGI application around Django that uses all of these
    upkeep      the thread that writes copies and renders pages before they are asked for

The rule of validity. A response carries the version that was known before its rendering began. It
is served while that is the version known now, until the next midnight: some texts depend on the
day. While the database is away, the version known last stays in force, and copies of it are served
with a header that says so. A copy of an older version is never served, however long the database
is away: it might hold what was withdrawn since. The version seen last is written beside the copies,
so the rule holds for a process that starts while the database is away.
"""
