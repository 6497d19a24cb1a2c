"""Our pages on a clinic's own site: frames, and oEmbed 1.0 to find them."""
