"""What a test can read in a handout: its words, its structure, its codes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf
import pypdfium2
import zxingcpp


def words(pdf: bytes) -> str:
    """All words of the pages, each run of spaces and line ends as one space."""
    assert pdf.startswith(b"%PDF-"), pdf[:200]
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    document.close()
    # A hyphen at the end of a line comes out as U+FFFE.
    return re.sub(r"\s+", " ", " ".join(pages).replace("\ufffe", "-"))


def first_page_codes(pdf: bytes) -> list[str]:
    """What the QR codes on the first page say, read from its picture."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=2).to_pil()
    document.close()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def size(pdf: bytes) -> tuple[int, int]:
    """Width and height of the first page in points."""
    file = opened(pdf)
    width, height = file.pages[0].MediaBox[2:]
    return round(width), round(height)


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def elements(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Dictionary]]:
    """(tag, element) of every structure element, in reading order."""
    roles = pdf.Root.StructTreeRoot.get("/RoleMap", {})
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        found = waiting.pop()
        if isinstance(found, pikepdf.Array):
            waiting.extend(reversed(list(found)))
        elif isinstance(found, pikepdf.Dictionary) and "/S" in found:
            tag = str(found.S)
            yield str(roles.get(tag, tag))[1:], found
            if "/K" in found:
                waiting.append(found.K)


def heading_levels(pdf: pikepdf.Pdf) -> list[int]:
    return [int(tag[1:]) for tag, _ in elements(pdf) if re.fullmatch(r"H[1-9]", tag)]


def pictures_in_words(pdf: pikepdf.Pdf) -> list[str]:
    """The alternative text of each figure; '' where there is none."""
    return [str(found.get("/Alt", "")) for tag, found in elements(pdf) if tag == "Figure"]


def bookmarks(pdf: pikepdf.Pdf) -> list[str]:
    found = []

    def walk(items):
        for item in items:
            found.append(item.title)
            walk(item.children)

    with pdf.open_outline() as outline:
        walk(outline.root)
    return found


def fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """The description of every font that the file names."""
    described = (found for found in pdf.objects if isinstance(found, pikepdf.Dictionary))
    return [found for found in described if found.get("/Type") == "/FontDescriptor"]


def faults(pdf: bytes) -> list[str]:
    """What of PDF/UA-1 (ISO 14289-1) a reader of the file can check and does not find."""
    assert pdf.startswith(b"%PDF-"), pdf[:200]
    file = opened(pdf)
    root = file.Root
    levels = [0, *heading_levels(file)]
    tags = [tag for tag, _ in elements(file)]
    checks = {
        "it says that it is PDF/UA-1 (5)": _says_ua1(file),
        "it is marked as tagged (7.1)": bool(root.MarkInfo.Marked),
        "it names its language (7.2)": bool(str(root.get("/Lang", ""))),
        "its title is shown (7.1)": bool(root.ViewerPreferences.DisplayDocTitle),
        "it has a title": bool(str(file.open_metadata().get("dc:title", ""))),
        "its headings start with 1 (7.4.2)": levels[1:2] == [1] and levels.count(1) == 1,
        "no level of heading is left out (7.4.2)": all(
            after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)
        ),
        "every figure is in words (7.3)": all(pictures_in_words(file)),
        "every table has heads (7.5)": "Table" not in tags or "TH" in tags,
        "every font is in the file (7.21.4)": all(
            {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts(file)
        ),
        "it has bookmarks": bool(bookmarks(file)),
        "keys follow the structure (7.18.3)": all(
            page.get("/Tabs") == "/S" for page in file.pages if "/Annots" in page
        ),
        "every link says where it leads (7.18.5)": all(
            str(link.get("/Contents", ""))
            for page in file.pages
            for link in page.get("/Annots", [])
        ),
        "nothing is run": "/OpenAction" not in root and "/JavaScript" not in root.get("/Names", {}),
    }
    return [name for name, holds in checks.items() if not holds]


def _says_ua1(file: pikepdf.Pdf) -> bool:
    with file.open_metadata() as metadata:
        return str(metadata.get("pdfuaid:part", "")) == "1"
