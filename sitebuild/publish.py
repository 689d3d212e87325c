"""Write what a reader may take along: programs, what they printed, their tests."""

import shutil
from pathlib import Path

from sitebuild.book import Book
from sitebuild.errors import BookError
from sitebuild.snippet import all_names, mirror_of


def check(book: Book) -> list[str]:
    """List the mistakes of all pages, and those of snippets that no page shows."""
    for name in all_names():
        try:
            book.result(name)
        except BookError as error:
            if not any(str(error) in said for said in book.mistakes):
                book.mistakes.append(error.told())
    return book.mistakes


def write(book: Book, labs: Path, folder: Path) -> None:
    """Write `part/name.py`, `.txt` and `part/test_name.py` for every snippet, and the labs."""
    book.highlighted.save()
    for lab in sorted(Path("docs/labs").glob("*.py")):
        notebook = labs / "standalone" / f"{lab.stem}.ipynb"
        if notebook.is_file():
            (folder / "labs").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, folder / "labs" / notebook.name)
    for name in all_names():
        try:
            program, printed = book.program(name), book.result(name)["stdout"]
        except BookError:
            continue  # the page that shows it has said so
        part, module = name.split(".")
        place = folder / part
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{module}.py").write_text(program.text, "utf-8")
        (place / f"{module}.txt").write_text(printed, "utf-8")
        if mirror_of(name).is_file():
            shutil.copyfile(mirror_of(name), place / f"test_{module}.py")
