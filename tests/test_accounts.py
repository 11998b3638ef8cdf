"""The company's list of accounts, as a file that people edit while the service runs."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support_policy.accounts import AccountFile, NoAccounts, normal_address, read_accounts
from support_policy.core.ticket import Requester, Standing

HEADER = "address,account,reseller\n"
LIST = (
    HEADER
    + "jo@shop.example,shop,\n"
    + "@school.example,school,\n"
    + "bob@bobsweb.example,bobsweb,\n"
    + "@client.example,client,bobsweb\n"
    + "kim@école.example,ecole,\n"
)


def accounts(folder: Path, text: str | bytes = LIST) -> AccountFile:
    file = folder / "accounts.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return AccountFile(file)


def standing(known: AccountFile, address: str | None) -> Standing:
    return known.standing(Requester(address=address))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("jo@shop.example", Standing.REGISTERED),
        ("JO@Shop.Example", Standing.REGISTERED),
        (" jo@shop.example ", Standing.REGISTERED),
        ("jo+billing@shop.example", Standing.REGISTERED),
        ("anybody@school.example", Standing.REGISTERED),
        ("bob@bobsweb.example", Standing.RESELLER),
        ("who@client.example", Standing.RESELLER_CUSTOMER),
        ("kim@xn--cole-9oa.example", Standing.REGISTERED),
        ("kim@ÉCOLE.example", Standing.REGISTERED),
        ("al@shop.example", Standing.UNREGISTERED),
        ("jo@sub.shop.example", Standing.UNREGISTERED),
        ("x@evil.school.example", Standing.UNREGISTERED),
        ("x@school.example.evil.example", Standing.UNREGISTERED),
        ("school.example", Standing.UNREGISTERED),
        ("@", Standing.UNREGISTERED),
        ("a@b@school.example.", Standing.UNREGISTERED),
        ("x" * 10_000 + "@long.example", Standing.UNREGISTERED),
        ("x@" + "y" * 300, Standing.UNREGISTERED),
        ("\x00\ud800@odd.example", Standing.UNREGISTERED),
    ],
)
def test_the_list_says_who_an_address_is(tmp_path: Path, address: str, expected: Standing) -> None:
    assert standing(accounts(tmp_path), address) is expected


@pytest.mark.parametrize("address", [None, "", "   "])
def test_a_requester_without_an_address_is_unknown_not_refused(
    tmp_path: Path, address: str | None
) -> None:
    assert standing(accounts(tmp_path), address) is Standing.UNKNOWN


def test_a_line_without_an_address_registers_nobody(tmp_path: Path) -> None:
    known = accounts(tmp_path, HEADER + ",empty,\n@,all,\n  ,blank,\n")
    for address in ("jo@shop.example", "@", "jo@", "jo"):
        assert standing(known, address) is Standing.UNREGISTERED


def test_without_a_list_nobody_is_refused() -> None:
    assert NoAccounts().standing(Requester(address="x@y.example")) is Standing.UNKNOWN


def test_the_columns_may_stand_in_any_order_beside_others_after_a_byte_order_mark(
    tmp_path: Path,
) -> None:
    text = "\ufeffreseller,notes,account,address\r\n,vip,shop,jo@shop.example\r\n"
    assert standing(accounts(tmp_path, text), "jo@shop.example") is Standing.REGISTERED


def test_short_and_long_lines_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    known = accounts(tmp_path, HEADER + "jo@shop.example\n\nal@shop.example,shop,,more,and more\n")
    assert standing(known, "jo@shop.example") is Standing.REGISTERED
    assert standing(known, "al@shop.example") is Standing.REGISTERED


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"address,account\njo@shop.example,shop\n",
        b"address;account;reseller\njo@shop.example;shop;\n",
        b"address,account,reseller\n\xe9\xff,x,\n",
        b'address,account,reseller\n"' + b"x" * 200_000 + b'",x,\n',
        b"PK\x03\x04 a workbook\x00\x00",
    ],
    ids=["empty", "no-column", "semicolons", "not-utf-8", "huge-field", "a-workbook"],
)
def test_a_list_that_cannot_be_read_is_unavailable_and_never_raises(
    tmp_path: Path, text: bytes
) -> None:
    assert standing(accounts(tmp_path, text), "jo@shop.example") is Standing.UNAVAILABLE


@pytest.mark.parametrize(
    "text",
    [HEADER, HEADER + "\n\n", HEADER.rstrip(), LIST.rstrip(), LIST + "new@sho"],
    ids=["no-row", "blank-rows", "half-a-header", "no-last-end", "half-a-line"],
)
def test_a_list_that_is_half_written_is_unavailable_and_refuses_nobody(
    tmp_path: Path, text: str
) -> None:
    for address in ("jo@shop.example", "stranger@nowhere.example"):
        assert standing(accounts(tmp_path, text), address) is Standing.UNAVAILABLE


def test_threads_see_one_reading_of_the_list_whole_while_another_comes(tmp_path: Path) -> None:
    # Bob is a reseller in both lists, under a name that changes.
    texts = (LIST, LIST.replace("bobsweb\n", "renamed\n").replace(",bobsweb,", ",renamed,"))
    known, over = accounts(tmp_path), threading.Event()

    def ask() -> set[Standing]:
        seen = set()
        while not over.is_set():
            seen.add(standing(known, "bob@bobsweb.example"))
        return seen

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            asking = [pool.submit(ask) for _ in range(4)]
            for number in range(400):
                new = tmp_path / "new.csv"
                new.write_text(texts[number % 2], encoding="utf-8")
                new.replace(tmp_path / "accounts.csv")
            over.set()
            seen = set().union(*(each.result() for each in asking))
    finally:
        sys.setswitchinterval(interval)
    assert seen == {Standing.RESELLER}


def test_a_list_that_is_missing_or_a_folder_is_unavailable(tmp_path: Path) -> None:
    assert standing(AccountFile(tmp_path / "none.csv"), "a@b.example") is Standing.UNAVAILABLE
    assert standing(AccountFile(tmp_path), "a@b.example") is Standing.UNAVAILABLE


def test_the_list_is_read_again_when_it_changes(tmp_path: Path) -> None:
    known = accounts(tmp_path)
    assert standing(known, "new@shop.example") is Standing.UNREGISTERED
    accounts(tmp_path, LIST + "new@shop.example,shop,\n")
    os.utime(tmp_path / "accounts.csv", ns=(1, 1))  # a change of time is enough, even backwards
    assert standing(known, "new@shop.example") is Standing.REGISTERED


def test_a_list_that_goes_down_is_unavailable_until_it_is_back(tmp_path: Path) -> None:
    known = accounts(tmp_path)
    assert standing(known, "jo@shop.example") is Standing.REGISTERED
    (tmp_path / "accounts.csv").rename(tmp_path / "away.csv")
    assert standing(known, "jo@shop.example") is Standing.UNAVAILABLE
    (tmp_path / "away.csv").rename(tmp_path / "accounts.csv")
    assert standing(known, "jo@shop.example") is Standing.REGISTERED


def test_a_list_with_a_mistake_says_which_columns_it_lacks() -> None:
    with pytest.raises(ValueError, match="account, reseller"):
        read_accounts(["address\n", "jo@shop.example\n"])


def test_an_address_has_one_spelling() -> None:
    spellings = ("Jo+x@École.example", "jo@école.EXAMPLE ", "JO@xn--cole-9oa.example")
    assert {normal_address(each) for each in spellings} == {"jo@xn--cole-9oa.example"}
