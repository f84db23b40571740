"""The check as one page: HTML, styles, script and drawings in a single file."""

from keepclear.reports.html.page import check_page

__all__ = ["check_page"]
