"""Join what a reader reads (docs) with what a reader runs (snippets)."""
