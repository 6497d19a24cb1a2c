from psychoplastogens.handouts import paper_sizes, pdf_rendering


def handout_context(request):
    """Pages offer a handout only where this machine can make one, and on which paper."""
    return {
        "handouts": pdf_rendering.is_typst_installed(),
        "papers": paper_sizes.get_paper_choices(),
    }
