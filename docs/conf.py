"""Sphinx's settings; `make docs` copies this folder and adds the pages made from the code."""

import allegiance

project = "allegiance"
author = "The allegiance authors"
version = release = allegiance.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "allegiance"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
napoleon_google_docstring = True
# Only links to what is public must resolve; other types have no page.
_public = "|".join(f"{module}.{name}" for module, name in allegiance._HOMES.values())
nitpick_ignore_regex = [(r"py:.*", rf"(?!(?:{_public})$).*")]
