"""The osTicket plugin as it is packed, translated and set up."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.guards.tree import ROOT

from support_policy.core.load import load
from support_policy.core.reply import Reply, load_replies

PLUGIN = ROOT / "plugin" / "osticket" / "support_policy"
POLICY = ROOT / "plugin" / "support_policy" / "policies" / "mexxus"
FRENCH = PLUGIN / "i18n" / "fr" / "LC_MESSAGES" / "support-policy.mo.php"
CODE = sorted(file for file in PLUGIN.rglob("*.php") if "i18n" not in file.parts)
HEADER = "<?php\n// SPDX-License-Identifier: GPL-2.0-or-later\n"
# A text for people: given to the translator, or marked where it is given to it later.
_STRING = r"'(?:[^'\\]|\\.)*'"
TEXT = re.compile(rf"(?:Text::of\(|Text::in\([^()]*?,|/\* @trans \*/)\s*({_STRING})")
CONCATENATED = re.compile(rf"Text::(?:of|in)\([^()]*?{_STRING}\s*\.")
MONEY = re.compile(r"[$€£]|\b(?:CAD|CDN|USD|EUR|dollars?|euros?)\b", re.IGNORECASE)


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(name="packer")
def packer_fixture() -> ModuleType:
    return tool("package_osticket")


@pytest.fixture(name="maker")
def maker_fixture() -> ModuleType:
    return tool("osticket_setup")


@pytest.fixture(name="setup")
def setup_fixture() -> dict[str, Any]:
    made: dict[str, Any] = json.loads((PLUGIN / "data" / "setup.json").read_text("utf-8"))
    return made


def php(code: str, *arguments: str) -> Any:
    """What an expression of PHP is worth."""
    ran = subprocess.run(
        ["php", "-r", f"echo json_encode({code});", "--", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)


def committed() -> set[str]:
    """What the plugin's folder holds."""
    return {file.relative_to(PLUGIN).as_posix() for file in PLUGIN.rglob("*") if file.is_file()}


def said() -> Iterator[tuple[str, Path]]:
    for file in CODE:
        for found in TEXT.finditer(file.read_text("utf-8")):
            yield re.sub(r"\\(['\\])", r"\1", found[1][1:-1]), file


def test_the_zip_is_the_plugin_s_folder_and_nothing_else(
    packer: ModuleType, tmp_path: Path
) -> None:
    with zipfile.ZipFile(packer.package_zip(tmp_path)) as archive:
        assert set(archive.namelist()) == {f"support_policy/{name}" for name in committed()}
        for name in archive.namelist():
            source = PLUGIN / name.removeprefix("support_policy/")
            assert archive.read(name) == source.read_bytes()
    assert {"LICENSE", "plugin.php", "data/setup.json"} <= committed()


def test_the_zip_is_the_same_every_time(packer: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "support-policy-osticket-0.0.9.zip").touch()
    first = packer.package_zip(tmp_path)
    digest = hashlib.sha256(first.read_bytes()).hexdigest()
    second = packer.package_zip(tmp_path)
    assert hashlib.sha256(second.read_bytes()).hexdigest() == digest
    assert [file.name for file in tmp_path.iterdir()] == [second.name]


def test_the_phar_is_the_plugin_s_folder_and_nothing_else(
    packer: ModuleType, tmp_path: Path
) -> None:
    phar = packer.package_phar(tmp_path)
    listed = php(
        "array_map(fn($file) => md5_file($file),"
        " iterator_to_array(new RecursiveIteratorIterator(new Phar($argv[1]))))",
        str(phar),
    )
    names = {path.partition(".phar/")[2]: digest for path, digest in listed.items()}
    expected = {
        name: hashlib.md5((PLUGIN / name).read_bytes(), usedforsecurity=False).hexdigest()
        for name in committed()
    }
    assert names == expected


def test_osticket_reads_what_the_plugin_is_out_of_the_phar(
    packer: ModuleType, tmp_path: Path
) -> None:
    about = php("include 'phar://' . $argv[1] . '/plugin.php'", str(packer.package_phar(tmp_path)))
    assert about["id"] == "support-policy:osticket"
    assert about["plugin"] == "support_policy.php:SupportPolicyPlugin"
    assert about["ost_version"] == "1.17"


def test_the_plugin_has_the_version_of_the_rest(packer: ModuleType) -> None:
    manifest = json.loads((ROOT / "manifest.json").read_text("utf-8"))
    assert packer.version() == manifest["version"]


def test_the_licence_is_the_one_that_the_code_names() -> None:
    licence = (PLUGIN / "LICENSE").read_text("utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in licence
    assert "Version 2, June 1991" in licence


@pytest.mark.parametrize("file", [*CODE, FRENCH], ids=lambda file: file.name)
def test_php_can_read_every_file_and_each_names_its_licence(file: Path) -> None:
    assert file.read_text("utf-8").startswith(HEADER)
    ran = subprocess.run(["php", "-l", str(file)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.name)
def test_no_file_or_function_of_the_plugin_is_longer_than_ours(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    assert len(lines) <= 250
    start, long = 0, []
    for number, line in enumerate(lines):
        if re.match(r" {4}(?:[a-z]+ )*function ", line):
            start = number
        if line == "    }" and number - start > 40:
            long.append(lines[start].strip())
    assert not long


def test_every_text_of_the_plugin_exists_in_french_and_none_is_left_over() -> None:
    french = php("include $argv[1]", str(FRENCH))
    assert len(french) > 50
    assert {text for text, _ in said()} == french.keys()


def test_no_text_is_pieced_together_where_the_guard_above_cannot_see_it() -> None:
    assert not [file for file in CODE if CONCATENATED.search(file.read_text("utf-8"))]


def test_a_translation_has_the_places_of_its_text_and_says_something() -> None:
    for english, french in php("include $argv[1]", str(FRENCH)).items():
        assert re.findall(r"%\d*\$?[sd]", english) == re.findall(r"%\d*\$?[sd]", french), english
        assert french.strip()


def test_times_are_expected_in_the_plugin_too() -> None:
    for file in [*CODE, FRENCH, PLUGIN / "data" / "setup.json"]:
        assert not re.search(r"guarant|garanti", file.read_text("utf-8"), re.IGNORECASE), file


def test_the_set_up_is_what_the_policy_says_now(maker: ModuleType) -> None:
    now = maker.written(maker.setup(POLICY))
    assert (PLUGIN / "data" / "setup.json").read_text("utf-8") == now


def test_every_target_of_the_policy_has_its_plan(setup: dict[str, Any]) -> None:
    assert [plan["target"] for plan in setup["plans"]] == [t.name for t in load(POLICY).targets]
    assert setup["plans"][0] == {
        "target": "high",
        "name": {
            "en": "Support policy: High, 1 hour expected",
            "fr": "Politique : Haute, attendu en 1 heure",
        },
        "hours": 1,
    }
    names = [name for plan in setup["plans"] for name in plan["name"].values()]
    assert max(map(len, names)) <= 64
    assert len(set(names)) == len(names)


def test_no_canned_response_names_a_price_or_leaves_a_place_open(setup: dict[str, Any]) -> None:
    for response in setup["canned"]:
        text = response["title"] + response["body"]
        assert not MONEY.search(text), response["title"]
        assert not re.search(r"(?<!%)\{", text), response["title"]


def test_every_canned_response_is_there_in_english_and_in_french(setup: dict[str, Any]) -> None:
    made = [(response["name"], response["language"]) for response in setup["canned"]]
    offered = [r.name for r in load_replies(POLICY) if not r.needs_answer and not r.private]
    assert made == [(name, language) for name in offered for language in ("en", "fr")]
    assert len({response["title"] for response in setup["canned"]}) == len(made)


def test_whatever_is_only_for_the_service_to_send_is_no_canned_response(
    setup: dict[str, Any],
) -> None:
    made = {response["name"] for response in setup["canned"]}
    assert not made & {"fee_request", "more_blocks_needed", "fee_receipt", "ask_fee_permission"}
    assert "decline_politely" in made


def test_osticket_fills_the_places_that_it_can_and_markup_is_escaped(maker: ModuleType) -> None:
    body = "Ticket {ticket}: <b>{subject}</b> & more\nnext line\n\n- one\n- two\n"
    assert maker.as_html(body) == (
        "<p>Ticket %{ticket.number}: &lt;b&gt;%{ticket.subject}&lt;/b&gt; &amp; more<br />"
        "next line</p><ul><li>one</li><li>two</li></ul>"
    )


def test_a_response_that_only_the_service_can_fill_is_left_out(maker: ModuleType) -> None:
    made = {"name": "a", "clauses": ("R01",), "titles": (("en", "A"),)}
    assert maker.is_offered(Reply(**made, bodies=(("en", "See {ticket}"),)))
    assert not maker.is_offered(Reply(**made, bodies=(("en", "By {deadline}"),)))
    assert not maker.is_offered(Reply(**made, bodies=(("en", "Yes?"),), needs_answer=True))


def test_another_company_s_policy_can_be_packed(maker: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    for file in POLICY.rglob("*"):
        if file.is_file():
            copy = folder / file.relative_to(POLICY)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    main = folder / "support.toml"
    main.write_text(main.read_text("utf-8").replace('id = "mexxus"', 'id = "acme"'), "utf-8")
    assert maker.setup(folder)["policy"].startswith("acme/")
