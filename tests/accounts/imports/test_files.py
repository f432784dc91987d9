import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accounts.imports.files import DELIMITERS, BadFile, FileFormat, guess_delimiter, guess_encoding, guess_file

# A busy machine is no failure.
PATIENT = settings(deadline=None)

TABLE = "name,city\nJürgen,Köln\nZoë,Łódź\n"
WESTERN = "name;city\nJürgen;Köln\nZoë – “the boss”;Orléans\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TABLE.encode("utf-8"), "utf-8"),
        (TABLE.encode("utf-8-sig"), "utf-8-sig"),
        (TABLE.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "utf-16"),
        (WESTERN.encode("utf-16-le"), "utf-16-le"),
        (WESTERN.encode("utf-16-be"), "utf-16-be"),
        (WESTERN.encode("cp1252"), "cp1252"),
        (b"a,b\n1,2\n", "utf-8"),
        (b"", "utf-8"),
    ],
)
def test_the_encoding_is_found_and_reads_back(data, encoding):
    assert guess_encoding([data]) == encoding
    assert data.decode(encoding).lstrip("\ufeff") in {TABLE, WESTERN, "a,b\n1,2\n", ""}


def test_a_late_letter_decides_too():
    chunks = [b"name\n"] + [b"Anna\n" * 1_000] * 50 + ["Jürgen\n".encode("cp1252")]

    assert guess_encoding(chunks) == "cp1252"


@PATIENT
@given(st.text(alphabet=st.characters(blacklist_characters="\0\ufeff", blacklist_categories=["Cs"])), st.integers(1, 7))
def test_utf8_cut_anywhere_is_utf8(text, size):
    data = text.encode()
    chunks = [data[start : start + size] for start in range(0, len(data), size)]

    assert guess_encoding(chunks) == "utf-8"


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04\x00\x00\x00\x00abc\x00\x00", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\x81\x8d\x90 abc"]
)
def test_what_is_no_text_is_refused_in_words(data):
    with pytest.raises(BadFile, match="Save it as"):
        guess_encoding([data])


def test_the_sample_may_end_inside_a_letter():
    data = "name;city\nJörg;Köln\nJü".encode()[:-1]

    assert guess_file(data) == FileFormat("utf-8", ";")


def test_a_known_encoding_is_kept():
    assert guess_file(b"a;b\n1;2\n", "cp1252") == FileFormat("cp1252", ";")


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('a,b\n"x;y;z",2\n"p;q",3\n', ","),
        ('a;b\n"line\nbreak, and, commas";2\n', ";"),
        ("name\nAnna\nBob\n", ","),
        ("name,comment\nAnna,fine; really; fine\nBob,ok\n", ","),
        ("a;b\n1;2\n3;unfinish", ";"),
        ("a;b", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_evenly(text, delimiter):
    assert guess_delimiter(text) == delimiter


def test_excels_own_line_about_the_delimiter_is_believed():
    assert guess_file(b"sep=|\r\na|b\r\n1|2\r\n") == FileFormat("utf-8", "|", skip_lines=1)
    assert guess_file(b'"sep=\t"\r\na\tb\r\n') == FileFormat("utf-8", "\t", skip_lines=1)


@pytest.mark.parametrize("data", [b"", b" \r\n\n", "\ufeff".encode()])
def test_an_empty_file_is_refused(data):
    with pytest.raises(BadFile, match="empty"):
        guess_file(data)


def test_a_giant_cell_is_no_error():
    assert guess_delimiter("a;b\n" + "x" * 200_000 + ";2\n3;4\n") in DELIMITERS


# Words with a delimiter inside, as in a comment; cells of nothing but commas could be cut either way.
CELLS = st.sampled_from(["fine", "fine, really", "fine; no", "x|y", "a\ttab", "two\nlines", "Zoë", 'so "good"'])


@PATIENT
@given(st.integers(2, 6).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=3, max_size=9)))
@example([["fine", "fine, really"]] * 3)
def test_delimiters_inside_quotes_do_not_mislead(rows):
    written = io.StringIO()
    csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)

    assert guess_delimiter(written.getvalue()) == ";"
