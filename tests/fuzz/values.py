"""What is put into fields, queries and addresses: bytes, because no browser is asked whether it would."""

from __future__ import annotations

from hypothesis import strategies as st

ELSEWHERE = "elsewhere.example"  # nobody may be led there
SCRIPT = "<script>alert(1)</script>"  # nor may this come back unescaped

TEXTS = (
    *("", " ", "\u3000", "\0", "a\0b", "\u202e倒着写", "\ufeff", "\u200b", "e\u0301", "😀" * 60),
    *(SCRIPT, f'" autofocus onfocus="{SCRIPT}', "' OR 1=1 --", "{{ 7*7 }}", "{% load i18n %}", "%s%n%(x)s"),
    *("../../etc/passwd", "=1+1", "a\r\nSet-Cookie: a=b", f"//{ELSEWHERE}/", f"https://{ELSEWHERE}/"),
    *("javascript:alert(1)", "\\\\server\\share", "[]", "{}", "null", "true", '{"a": [1]}', "None"),
    *("x" * 70_000, "党" * 20_000, "\n" * 3_000, "a,b;c\td"),
)
NUMBERS = (
    *("0", "-1", "-0.00", "１２", "９９．５", "٣", "²", "½", "〇", "1_8", "18,5", "0x10", "+1", "1."),
    *("NaN", "sNaN", "-NaN123", "Infinity", "-inf", "1e26", "1e-26", "1E+999999", "0.005", "99.999"),
    *("2147483648", "9223372036854775807", "9223372036854775808", "9" * 30, "9" * 5_000, "0." + "9" * 400),
)
DAYS = (
    *("0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2018-02-30", "2018-13-01", "-2018-01-01"),
    *("2018-1-1", "２０１８-01-01", "20180101", "2018年1月1日", "0001-01-01T00:00", "9999-12-31T23:59"),
    *("24:61", "0000Q1", "9999Q4", "2018Q5", "2018q3", "2018Q3 ", "2018-3", "0000", "9999"),
)
# No UTF-8: cut short, a surrogate, a longer spelling of "/", UTF-16.
BYTES = (b"\xff\xfe", b"\xed\xa0\x80", b"\xe5\x85", b"\xc0\xaf", "党".encode("utf-16"), "党".encode("gbk"))
KEYS = tuple(str(number) for number in range(1, 60))  # most of them somebody else's

values = st.one_of(
    st.sampled_from(TEXTS).map(str.encode),
    st.sampled_from(NUMBERS).map(str.encode),
    st.sampled_from(DAYS).map(str.encode),
    st.sampled_from(KEYS).map(str.encode),
    st.sampled_from(BYTES),
    st.binary(max_size=12),
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.decimals().map(lambda number: str(number).encode()),
    st.dates().map(lambda day: day.isoformat().encode()),
)
file_names = st.sampled_from(
    (
        "a.xlsx",
        "a.csv",
        "a.docx",
        "a.pdf",
        "a.jpg",
        "a.exe",
        "",
        "." * 10,
        "党" * 90 + ".xlsx",
        "../a.jpg",
        "a\0.png",
    )
)
contents = st.one_of(
    st.just(b""),
    st.binary(max_size=40),
    st.sampled_from(
        (b"PK\x03\x04" + b"\0" * 40, b"%PDF-1.7\n", b"\xff\xd8\xff\xe0" + b"\0" * 40, b"a,b\n\xff\0\n")
    ),
    st.just(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600),
)
