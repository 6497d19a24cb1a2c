"""Our pages on a clinic's own site: frames of a section or a step, and oEmbed 1.0 to find them."""
