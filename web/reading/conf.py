"""Sphinx's settings. Every page comes from the folder that `tools/reading_site.py` writes, with site.json beside it."""

import json
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

HERE = Path(__file__).parent


def said(app: Sphinx) -> dict:
    return json.loads((Path(app.srcdir) / "site.json").read_text("utf-8"))


project = "OpenRouter cookbook"
author = "the contributors of the course"
html_title = project
extensions = ["myst_nb", "sphinx_copybutton"]
templates_path = [str(HERE / "_templates")]
html_static_path = [str(HERE / "_static")]
html_favicon = str(HERE / "_static" / "favicon.svg")
html_css_files = ["course.css"]
html_js_files = [("tasks.js", {"defer": "defer"})]
html_show_sphinx = False
html_copy_source = True

nb_execution_mode = "off"
nb_merge_streams = True
myst_heading_anchors = 4
myst_heading_slug_func = "reading.slugs.lab_slug"  # the lessons' own links follow JupyterLab's rule
copybutton_selector = "div.highlight pre"
copybutton_exclude = ".linenos, .gp"

html_theme = "sphinx_book_theme"
html_sidebars = {"**": ["site-name.html", "search-button-field.html", "sbt-sidebar-nav.html"]}
html_theme_options = {
    "use_download_button": False,  # each lesson links its own notebook, not the changed copy that Sphinx reads
    "navbar_start": [],  # the side bar has the name and the search; a bar above would repeat them
    "navbar_center": [],
    "navbar_end": [],
    "navbar_persistent": [],
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "article_footer_items": ["last-checked.html", "prev-next.html"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

# A question is found by its nouns and verbs. Sphinx wants every word of it on the page, also these.
ASKING = (
    """how what why where when which who do does can could should would i me my you your we our it its an from so"""
)
SearchEnglish.stopwords = SearchEnglish.stopwords | set(ASKING.split())


def last_checked(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """Hand the line about the last check to the template."""
    lines = said(app)["checked"]
    context["last_checked"] = lines.get(page, lines[""])


def from_sources(app: Sphinx, config: object) -> None:
    """What was written beside the pages: the script that orders what is found, and the repository's address."""
    app.config.html_search_scorer = str(Path(app.srcdir) / "scorer.js")
    app.config.html_theme_options |= {"repository_url": said(app)["address"], "use_repository_button": True}


def setup(app: Sphinx) -> None:
    app.connect("config-inited", from_sources)
    app.connect("html-page-context", last_checked)
