"""What the server takes for a Word template: a DOCX of words and pictures, where nothing acts or leads elsewhere."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from struct import error as StructError
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from fieldapp.problems import Problem

MAX_TEMPLATE_BYTES = 1_000_000
MAX_FORM_BYTES = MAX_TEMPLATE_BYTES + 16_000
MAX_PARTS = 200
MAX_UNPACKED = 12_000_000
MAX_WORDS = 1_000_000
"""Bytes of a part that has words in it: a template is a few pages."""

_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, StructError, EOFError, OSError, RuntimeError, ValueError, KeyError)
_ACTS = re.compile(r"vba|macro|activex|ole|embeddings/|\.bin$|toolbars|customui|afchunk|\.html?$|\.rtf$|\.docx?$", re.I)
"""Names of parts that run, or that bring another file with them."""

_ACTING_TYPES = re.compile(r"macroEnabled|vbaProject|oleObject|activeX|aFChunk", re.I)
_ACTING_TAGS = {"altChunk", "object", "control", "subDoc", "attachedTemplate", "OLEObject"}
_HARMLESS_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "DATE", "TIME", "REF", "SEQ", "STYLEREF"}


def read_docx(content: bytes) -> bytes:
    """The file. Raises `file_too_large`, `template_wrong_type`, `template_acts`, `template_broken`."""
    if len(content) > MAX_TEMPLATE_BYTES:
        raise Problem("file_too_large", "file", most=MAX_TEMPLATE_BYTES // 1_000_000)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            _judge_directory(parts)
            for part in parts:
                _judge_part(part.filename, archive.read(part))
    except _BROKEN_ZIP:
        raise Problem("template_wrong_type", "file") from None
    return content


def _judge_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if not {"[Content_Types].xml", "word/document.xml"} <= set(names) or any(part.flag_bits & 1 for part in parts):
        raise Problem("template_wrong_type", "file")
    if any(_ACTS.search(name) for name in names):
        raise Problem("template_acts", "file")
    large = len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED
    large = large or any(part.file_size > MAX_WORDS for part in parts if _has_words(part.filename))
    if large or len({name.lower() for name in names}) != len(names):
        raise Problem("template_broken", "file")


def _has_words(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _judge_part(name: str, content: bytes) -> None:
    if not _has_words(name):
        return
    try:
        root = fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, LookupError):
        raise Problem("template_broken", "file") from None
    if any(_acts(element) for element in root.iter()):
        raise Problem("template_acts", "file")


def _acts(element: Element) -> bool:
    tag, said = _bare(element.tag), {_bare(name): value for name, value in element.attrib.items()}
    if tag in _ACTING_TAGS or _ACTING_TYPES.search(said.get("ContentType", "")):
        return True
    if tag == "Relationship" and said.get("TargetMode", "").lower() == "external":
        return not said.get("Type", "").endswith("/hyperlink")
    return any(not _is_harmless(field) for field in _fields(tag, element, said))


def _fields(tag: str, element: Element, said: dict[str, str]) -> Iterator[str]:
    if tag in ("instrText", "delInstrText"):
        yield "".join(element.itertext())
    if tag == "fldSimple":
        yield said.get("instr", "")


def _is_harmless(field: str) -> bool:
    """A piece of a field that begins none, or one that only counts and dates."""
    first = field.split(maxsplit=1)[0] if field.strip() else ""
    return not first or first[0] in '\\"' or first.upper() in _HARMLESS_FIELDS


def _bare(name: str) -> str:
    return name.rsplit("}", 1)[-1]
