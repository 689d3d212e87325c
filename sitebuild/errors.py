"""What goes wrong, said in one sentence with its place."""


class BookError(Exception):
    """A mistake in a chapter or a snippet; the message says where and what was wanted.

    `details` holds the traceback and the output that a failed snippet left.
    """

    def __init__(self, message: str, details: str = ""):
        super().__init__(message)
        self.details = details

    def told(self, where: str = "") -> str:
        """Say it all, after the place on a page if there is one."""
        return "\n".join(filter(None, (f"{where}{self}", self.details)))


class SnippetFailed(BookError):
    """A snippet that was run and did not succeed."""
