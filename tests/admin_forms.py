"""Filling in a form of the admin as a browser does: what stands there, with what is typed."""


def typed(page, /, **changes):
    """All that the form on `page` would send, with `changes` typed into it.

    Records for tests hold little: a text that the form requires and that is empty gets some words.
    """
    formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    forms = [page.context["adminform"].form]
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value == "" and field.field.required:
                value = "Some words."
            if value is not None and value is not False:
                sent[field.html_name] = value
    if "based_on" in page.context:
        kind = "meaning" if sent.get("what_changed") else "wording"
        sent |= {"based_on": page.context["based_on"], "change_kind": kind}
    return sent | changes


def errors_of(page):
    """{field: [what is wrong]} of the form and its inlines, as the reader of the page is told."""
    found = dict(page.context["adminform"].form.errors)
    for inline in page.context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found |= {form.add_prefix(name): wrong for name, wrong in form.errors.items()}
    return found


def address_of(record, action="change"):
    kind = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
    return f"{kind}{record.pk}/{action}/"
