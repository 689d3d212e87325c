"""What goes wrong, said in one sentence with its place."""


class BookError(Exception):
    """A mistake in a chapter or a snippet; the message says where and what was wanted."""


class SnippetFailed(BookError):
    """A snippet that was run and did not succeed; `details` holds its traceback and output."""

    def __init__(self, message: str, details: str = ""):
        super().__init__(message)
        self.details = details
