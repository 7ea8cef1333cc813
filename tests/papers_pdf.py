"""The smallest PDFs: what a scanner gives, and what only says that it is one."""


def pdf(words: str = "45/QĐ-UBND") -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%" + words.encode() + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
