"""Makes real PDFs for tests."""

from fpdf import FPDF


def make_pdf(*pages: str, password: str | None = None) -> bytes:
    """A PDF with one page for each text; an empty text makes a page without text."""
    document = FPDF()
    document.set_font("helvetica", size=10)
    for page in pages:
        document.add_page()
        if page:
            document.multi_cell(0, 5, page)
        else:
            document.rect(20, 20, 50, 50)
    if password:
        document.set_encryption(owner_password="owner", user_password=password)
    return bytes(document.output())
