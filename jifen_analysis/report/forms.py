"""The ways in which a review or a comparison is written, by the ending of the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jifen_analysis.errors import Text
from jifen_analysis.report.needs import browser, lacking_for_images, require_images, require_office

if TYPE_CHECKING:
    from jifen_analysis.report.review import Review

ENDINGS = (".html", ".docx", ".pptx", ".pdf")


def check_requirements(target: Path) -> Text | None:
    """Refuse beforehand what could not be written; return with what the figures will be drawn, where that differs.

    Raises
    ------
    UsageError
        With what to install.
    """
    ending = target.suffix.lower()
    require_office(target)
    if ending == ".pdf":
        require_images()
    if ending not in (".pdf", ".html"):
        return None
    lacking = lacking_for_images()
    if lacking is None:
        name = Path(browser()).name
        return Text(f"图由 {name} 画成静态图", f"figures will be drawn by {name}")
    return Text(
        f"图由读者的浏览器现画,不是静态图:{lacking.zh}",
        f"figures will be drawn by the reader's browser: {lacking.en}",
    )


def write_review(review: Review, target: Path) -> list[Path]:
    """Write a review as the name of the file asks for.

    Returns
    -------
    list of Path
        The file; of a page, also that with its figures to hover over.

    Raises
    ------
    UsageError
        Where something that is needed is missing, or the file cannot be written.
    """
    ending = target.suffix.lower()
    if ending == ".docx":
        from jifen_analysis.report.word import write_word  # each brings its own library

        return [write_word(review, target)]
    if ending == ".pptx":
        from jifen_analysis.report.office.slides import write_slides

        return [write_slides(review, target)]
    if ending == ".pdf":
        from jifen_analysis.report.printed import write_pdf

        return [write_pdf(review, target)]
    from jifen_analysis.report.page import write_page

    return write_page(review, target)
