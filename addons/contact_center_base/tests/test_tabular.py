import io
from datetime import datetime
from types import SimpleNamespace

import openpyxl

from odoo.tests import BaseCase

from ..tabular import SURPLUS, TableError, explain, read_table, write_csv, write_xlsx


def read(data, required=None):
    """Return the header and the rows of a file."""
    table = read_table(data, "file.csv", required)
    return table.header, list(table.rows)


class TestReadTable(BaseCase):
    def assertRefused(self, code, data, required=None):
        with self.assertRaises(TableError) as raised:
            read(data, required)
        self.assertEqual(raised.exception.code, code)
        env = SimpleNamespace(_=lambda text, **params: text % params)
        self.assertIn("file.csv", explain(raised.exception, env))

    def test_every_usual_encoding_and_delimiter(self):
        ukrainian, polish = "Яма на вулиці Під'їзній; її ґрунт", "Dziura w jezdni, źle świeci łuk Łódź"
        for text, encoding in (
            (ukrainian, "utf-8"),
            (ukrainian, "utf-8-sig"),
            (ukrainian, "utf-16"),
            (ukrainian, "cp1251"),
            (polish, "utf-8"),
            (polish, "cp1250"),
        ):
            for delimiter in ",;\t":
                with self.subTest(encoding=encoding, delimiter=delimiter):
                    data = f'code{delimiter}name\nA{delimiter}"{text}"\n'.encode(encoding)
                    table = read_table(data, "file.csv")
                    self.assertEqual(list(table.rows), [(2, {"code": "A", "name": text})])
                    self.assertEqual((table.encoding, table.delimiter), (encoding, delimiter))

    def test_files_that_are_no_tables(self):
        self.assertRefused("empty", b"")
        self.assertRefused("empty", b"\xef\xbb\xbf \n\n;;\n")
        self.assertRefused("not_table", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
        self.assertRefused("not_table", b"PK\x03\x04 no workbook")
        self.assertRefused("old_excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        self.assertRefused("encoding", "a;b\nяма".encode("cp1251") + b"\x98")

    def test_workbook_cut_off(self):
        data = write_xlsx(["code"], ([str(number)] for number in range(1000)))
        self.assertRefused("not_table", data[: len(data) // 2])

    def test_columns(self):
        self.assertRefused("missing_columns", b"code;name\n", {"code", "parent_code"})
        self.assertRefused("duplicated_columns", b"code;name;code\n1;2;3\n")
        self.assertEqual(read(b"\n code ,, name ,\n1,x,2,\n"), (["code", "name"], [(3, {"code": "1", "name": "2"})]))
        wide = [f"column {number}" for number in range(200)]
        self.assertEqual(read(write_csv(wide, [wide])), (wide, [(2, dict(zip(wide, wide, strict=True)))]))

    def test_wanted_columns_decide_the_delimiter(self):
        self.assertEqual(read(b'code;"one, two, three"\n1;x\n', {"code"})[0], ["code", "one, two, three"])

    def test_misshapen_rows_are_marked_and_the_others_read(self):
        rows = read(b'a,b\n1\n\n1,2,3\n"x"y,2\n5,"two\nlines"\n6,"open\n7,8\n')[1]
        self.assertEqual(rows[0], (2, {"a": "1", "b": ""}))
        self.assertEqual(rows[1], (4, {"a": "1", "b": "2", SURPLUS: "3"}))
        self.assertIn(SURPLUS, rows[2][1])
        self.assertEqual(rows[3], (6, {"a": "5", "b": "two\nlines"}))
        self.assertEqual((rows[4][0], set(rows[4][1])), (8, {SURPLUS}))

    def test_no_nul_reaches_the_database(self):
        self.assertEqual(read(b"a;b\n" + b"1;2\n" * 100 + b"x\0y;z\n")[1][-1][1], {"a": "xy", "b": "z"})

    def test_cells_of_a_workbook_are_texts(self):
        workbook = openpyxl.Workbook()
        workbook.active.append(["number", "day", "moment", "flag", "empty"])
        moment = datetime(2026, 5, 4, 12, 30)
        workbook.active.append([380501234567.0, datetime(2026, 5, 4), moment, True, None])
        file = io.BytesIO()
        workbook.save(file)
        cells = read(file.getvalue())[1][0][1]
        self.assertEqual(list(cells.values()), ["380501234567", "2026-05-04", "2026-05-04 12:30:00", "1", ""])

    def test_written_files_read_the_same(self):
        rows = [["=1+1", "'=x"], ["-5", 'two\nlines; "quoted"'], ["+380501234567", "@name"], ["", "Ґава"]]
        for write in (write_csv, write_xlsx):
            with self.subTest(write.__name__):
                cells = [list(row.values()) for _line, row in read(write(["a", "b"], rows))[1]]
                self.assertEqual(cells, rows)

    def test_spreadsheets_run_no_formula_of_a_written_file(self):
        self.assertNotIn(b";=", write_csv(["a", "b"], [["x", "=HYPERLINK(1)"]]))
