"""Tables that people send and take away: CSV in the usual encodings and XLSX, row by row (plain Python).

The content of a file decides what it is, not its name. Rows are read while they are asked for, so a file of a million
rows needs little more memory than its bytes.
"""

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from xml.etree.ElementTree import ParseError

import openpyxl
import xlsxwriter

#: Key of what doesn't fit the header: cells beyond the last column, or a line whose quotes are broken. No column has
#: this name. Importers reject a row that holds it, because its cells may stand in wrong columns.
SURPLUS = ""

DELIMITERS = (",", ";", "\t")
ENCODINGS_BY_MARK = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Bytes of a file in which nothing is written.
BLANK = codecs.BOM_UTF8 + b" \t\r\n,;"
XLSX_MARK = b"PK\x03\x04"
OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"
SAMPLE_SIZE = 1 << 16
# A text has hardly any control characters; a picture or a PDF is full of them.
CONTROL_CHARACTERS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r")
MAXIMUM_CONTROL_SHARE = 0.02

# Words with a letter beyond ASCII, in bytes of cp1250 or cp1251; the group is set when a Latin letter is in them too.
_WORD = re.compile(rb"(?=[A-Za-z]*[\x8c\x8f\x9c\x9f\xa3\xa5\xaf-\xff])(?:[\x80-\xff]*([A-Za-z]))?[A-Za-z\x80-\xff]+")
# Spreadsheets take a cell for a formula when it begins so; an apostrophe before it keeps it a text.
_FORMULA = re.compile(r"'*[=+\-@]")
_GUARDED_FORMULA = re.compile(r"'+[=+\-@]")


class TableError(Exception):
    """A file that can't be read as a table. :func:`explain` says in the reader's language why."""

    def __init__(self, code: str, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params


def explain(error: TableError, env) -> str:
    """Return the sentence for the reader.

    :param env: Odoo's environment, for the reader's language.
    """
    params = {"columns": "", **error.params}
    return {
        "empty": env._("%(file)s is empty.", **params),
        "not_table": env._("%(file)s is no table. Save it as CSV or XLSX and try again.", **params),
        "old_excel": env._("%(file)s is in the old Excel format. Save it as XLSX or CSV and try again.", **params),
        "encoding": env._("%(file)s has letters that can't be read. Save it as CSV in UTF-8 or as XLSX.", **params),
        "damaged": env._("%(file)s is damaged and can't be read to its end.", **params),
        "missing_columns": env._("%(file)s lacks the columns: %(columns)s.", **params),
        "duplicated_columns": env._("%(file)s has more than one column named: %(columns)s.", **params),
    }[error.code]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being read.

    ``rows`` can be walked once. It gives the number of the line in the file (the header's is usually 1) and the
    stripped cells by column name; short rows are filled up with ``""``, blank ones left out, columns without a name
    not read. See :data:`SURPLUS` for misshapen rows. It raises ``TableError("damaged")`` where the file breaks off.
    ``encoding`` and ``delimiter`` are empty for XLSX.
    """

    header: list[str]
    rows: Iterator[tuple[int, dict[str, str]]]
    encoding: str = ""
    delimiter: str = ""


def read_table(data: bytes, filename: str, required: set[str] | None = None) -> Table:
    """Open a CSV (comma, semicolon or tab; UTF-8, UTF-16, cp1251, cp1250) or the first sheet of an XLSX.

    :param filename: for messages only.
    :param required: names of columns that must be there.
    :raises TableError: codes ``empty``, ``not_table``, ``old_excel``, ``encoding``, ``damaged``, ``missing_columns``,
        ``duplicated_columns``.
    """
    try:
        if not data.strip(BLANK):
            raise TableError("empty")
        if data.startswith(OLD_EXCEL_MARK):
            raise TableError("old_excel")
        table = _read_xlsx(data) if data.startswith(XLSX_MARK) else _read_csv(data, required or set())
        _check_header(table.header, required or set())
    except TableError as error:
        error.params["file"] = filename
        raise
    return Table(table.header, _naming(filename, table.rows), table.encoding, table.delimiter)


def _naming(filename: str, rows: Iterator) -> Iterator:
    """Pass the rows on; name the file in an error."""
    try:
        yield from rows
    except TableError as error:
        error.params["file"] = filename
        raise


def _check_header(header: Sequence[str], required: set[str]) -> None:
    duplicated = sorted({name for name in header if header.count(name) > 1})
    if duplicated:
        raise TableError("duplicated_columns", columns=", ".join(duplicated))
    missing = sorted(required.difference(header))
    if missing:
        raise TableError("missing_columns", columns=", ".join(missing))


def _by_name(records: Iterable[tuple[int, Sequence[str]]]) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    """Return the header, which is the first record that isn't blank, and the rows below it."""
    records = iter(records)
    names = next((cells for _line, cells in records if any(cells)), None)
    if names is None:
        raise TableError("empty")
    columns = [(position, name) for position, name in enumerate(names) if name]

    def rows():
        for line, cells in records:
            if isinstance(cells, str):
                yield line, {SURPLUS: cells}
            elif any(cells):
                row = {name: cells[position] if position < len(cells) else "" for position, name in columns}
                surplus = " ".join(filter(None, cells[len(names) :]))
                if surplus:
                    row[SURPLUS] = surplus
                yield line, row

    return [name for _position, name in columns], rows()


# ------------------------------------------------------------
# CSV
# ------------------------------------------------------------


def _read_csv(data: bytes, required: set[str]) -> Table:
    encoding = _detect_encoding(data)
    delimiter = _detect_delimiter(data, encoding, required)
    header, rows = _by_name(_csv_records(data, encoding, delimiter))
    return Table(header, rows, encoding, delimiter)


def _detect_encoding(data: bytes) -> str:
    for mark, encoding in ENCODINGS_BY_MARK:
        if data.startswith(mark):
            return _checked_encoding(data, encoding)
    sample = data[:SAMPLE_SIZE]
    if len(sample) - len(sample.translate(None, CONTROL_CHARACTERS)) > MAXIMUM_CONTROL_SHARE * len(sample):
        raise TableError("not_table")
    try:
        return _checked_encoding(data, "utf-8")
    except TableError:
        # In Polish words one letter with a mark stands among Latin ones, Ukrainian words have no Latin letters at all.
        words = Counter(bool(match.group(1)) for match in _WORD.finditer(data))
        return _checked_encoding(data, "cp1250" if words[True] > words[False] else "cp1251")


def _checked_encoding(data: bytes, encoding: str) -> str:
    """Return ``encoding`` when the whole of ``data`` is in it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), SAMPLE_SIZE):
            decoder.decode(data[start : start + SAMPLE_SIZE])
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise TableError("encoding") from error
    return encoding


def _detect_delimiter(data: bytes, encoding: str, required: set[str]) -> str:
    """Return the delimiter that gives the header most wanted columns, then most columns."""

    def fitness(delimiter):
        for _line, cells in _csv_records(data, encoding, delimiter):
            if any(cells):
                return len(required.intersection(cells)), len(cells)
        return 0, 0

    return max(DELIMITERS, key=fitness)


def _csv_records(data: bytes, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the first line and the cells of each record; a text instead of cells where the quotes are broken."""
    lines = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    # PostgreSQL stores no NUL, and it means nothing in a text.
    reader = csv.reader((line.replace("\0", "") for line in lines), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, str(error)
        else:
            yield line, [_without_guard(cell.strip()) for cell in cells]


def _without_guard(cell: str) -> str:
    return cell[1:] if _GUARDED_FORMULA.match(cell) else cell


# ------------------------------------------------------------
# XLSX
# ------------------------------------------------------------


def _read_xlsx(data: bytes) -> Table:
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError, ParseError) as error:
        raise TableError("not_table") from error
    # Some programs write a wrong size of the sheet into the file.
    sheet.reset_dimensions()
    header, rows = _by_name(_xlsx_records(sheet))
    return Table(header, rows)


def _xlsx_records(sheet) -> Iterator[tuple[int, list[str]]]:
    try:
        for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield line, [_cell_text(value) for value in values]
    except (zipfile.BadZipFile, zipfile.zlib.error, KeyError, ValueError, EOFError, ParseError) as error:
        raise TableError("damaged") from error


def _cell_text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    return str(value).replace("\0", "").strip()


# ------------------------------------------------------------
# Writing
# ------------------------------------------------------------


def guard_formula(cell: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula.

    >>> guard_formula("=1+1"), guard_formula("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def write_csv(header: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """Return a CSV that spreadsheets of Ukrainian and Polish desks open by a double click, without running formulas.

    :func:`read_table` gives back exactly the cells that went in, as text.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    for row in (header, *rows):
        writer.writerow(guard_formula("" if value is None else str(value)) for value in row)
    return file.getvalue().encode("utf-8-sig")


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """Return an XLSX with one sheet, whose cells are all texts."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True})
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if value not in (None, ""):
                    sheet.write_string(line, column, str(value))
    return file.getvalue()
