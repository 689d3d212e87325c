"""The one file that knows MkDocs (named in mkdocs.yml under `hooks`)."""

import logging
import os
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from sitebuild import labs, publish
from sitebuild.book import Book
from sitebuild.book import Page as Place
from sitebuild.errors import BookError
from sitebuild.snippet import all_names

log = logging.getLogger("mkdocs.hooks.sitebuild")
LABS = Path(".cache/sitebuild/pages")  # executed notebooks, where MkDocs looks for them
FAILED = "This book does not build. What is wrong, and where:\n\n"


def on_startup(command: str, dirty: bool) -> None:
    """Remember, over all rebuilds, whether mistakes end the build or are shown on the page."""
    Book.shared = Book(keep_going=True)
    Book.serving = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give the Markdown extension the book that all pages share; work in the book's folder."""
    os.chdir(Path(config.config_file_path).parent)
    Book.shared = Book.shared or Book(keep_going=True)
    config.mdx_configs.setdefault("sitebuild", {})["book"] = Book.shared
    return config


@event_priority(100)  # before mkdocs-jupyter looks for notebooks
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Run all that is stale, at once; put executed notebooks in the place of labs."""
    book = _book()
    book.fresh()
    book.run([f.content_string for f in files.documentation_pages() if _is_text(f)], all_names())
    sources = [f for f in files if f.src_uri.startswith("labs/") and f.src_uri.endswith(".py")]
    paths = [Path(config.docs_dir, file.src_uri).relative_to(Path.cwd()) for file in sources]
    for path, error in labs.execute_all(book, paths, LABS / "labs").items():
        book.mistakes.append(error.told())
        labs.write_failure(book.mistakes[-1], LABS / "labs" / f"{path.stem}.ipynb")
    for file in sources:
        files.remove(file)
        uri = file.src_uri.removesuffix(".py") + ".ipynb"
        files.append(File(uri, str(LABS.absolute()), config.site_dir, config.use_directory_urls))
    return files


def _is_text(file: File) -> bool:
    return file.src_uri.endswith(".md")


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """Tell the extension which page it is at, and how many lines of front matter it misses."""
    raw = page.file.content_string if _is_text(page.file) else markdown
    skipped = len(raw.splitlines()) - len(markdown.splitlines())
    path = Path(config.docs_dir, page.file.src_uri)
    place = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    root = (get_relative_url(".", page.url).rstrip("/") + "/").removeprefix("./")
    _book().page = Place(place.as_posix(), raw.splitlines(), skipped, root)
    for number, line in enumerate(raw.splitlines()[:skipped], 1):
        if "#!val" in line:
            _book().mistake(BookError("a value cannot stand in the front matter"), number)


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """Stop a build that found mistakes; a server goes on and shows them."""
    if mistakes := publish.check(_book()):
        if not Book.serving:
            raise PluginError(FAILED + "\n\n".join(mistakes))
        log.error("%s", "\n\n".join(mistakes))


def on_post_build(config: MkDocsConfig) -> None:
    """Write the programs, what they printed, and the notebooks beside the pages."""
    publish.write(_book(), LABS / "labs", Path(config.site_dir, "code"))


def _book() -> Book:
    assert Book.shared is not None, "on_config comes first"
    return Book.shared
