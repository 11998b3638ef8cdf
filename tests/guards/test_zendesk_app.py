"""The Zendesk app, held to the rules of Zendesk's own validator and to some of our own."""

from __future__ import annotations

import importlib.util
import json
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.guards.tree import ROOT

APP = ROOT / "plugin" / "zendesk"
SCRIPT = ROOT / "tools" / "package_zendesk.py"
LANGUAGES = ("en", "fr")
FIELDS = {
    *("name", "author", "version", "defaultLocale", "location", "frameworkVersion", "private"),
    *("singleInstall", "signedUrls", "requirementsOnly", "marketingOnly", "domainWhitelist"),
    *("parameters", "oauth", "termsConditionsURL", "experiments"),
}
LOCATIONS = {
    *("top_bar", "nav_bar", "ticket_sidebar", "new_ticket_sidebar", "user_sidebar", "modal"),
    *("organization_sidebar", "background", "ticket_editor", "system_top_bar"),
    "custom_object_record_sidebar",
}
PARAMETER_TYPES = {"text", "checkbox", "url", "number", "multiline", "hidden", "oauth", "mtls"}
PARAMETER_FIELDS = {"name", "type", "required", "default", "secure", "scopes"}
TEXTS = {"name", "short_description", "long_description", "installation_instructions"}
ALLOWED = {
    "manifest.json",
    *("assets/LICENSE.txt", "assets/logo-small.png", "assets/logo.png"),
    *("translations/en.json", "translations/fr.json"),
}


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of which no key stands twice; the validator refuses that."""
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), names
    return dict(pairs)


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"), object_pairs_hook=once)
    return content


@pytest.fixture
def manifest() -> dict[str, Any]:
    return read(ROOT / "manifest.json")


@pytest.fixture
def packer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("package_zendesk", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def archive(packer: ModuleType, tmp_path: Path) -> Path:
    made = packer.package(tmp_path)
    assert isinstance(made, Path)
    return made


# The manifest


def test_the_manifest_has_what_the_validator_asks_for_and_nothing_it_does_not_know(
    manifest: dict[str, Any],
) -> None:
    assert {"author", "defaultLocale", "location", "frameworkVersion"} <= set(manifest) <= FIELDS
    assert set(manifest["author"]) >= {"name", "email"}
    assert manifest["frameworkVersion"] == "2.0"
    assert all(isinstance(manifest[each], str) for each in ("name", "version"))
    assert all(manifest[each] is True for each in ("private", "signedUrls", "singleInstall"))


def test_the_only_location_is_our_service_beside_a_ticket(manifest: dict[str, Any]) -> None:
    assert list(manifest["location"]) == ["support"]
    locations = manifest["location"]["support"]
    assert set(locations) <= LOCATIONS
    assert locations == {
        "ticket_sidebar": {
            "url": "{{setting.service_url}}/zendesk/{{setting.desk}}/sidebar",
            "flexible": True,
        }
    }


def test_every_setting_in_an_address_is_a_parameter_that_must_be_filled(
    manifest: dict[str, Any],
) -> None:
    used = set(re.findall(r"\{\{setting\.(\w+)\}\}", json.dumps(manifest["location"])))
    required = {each["name"] for each in manifest["parameters"] if each["required"]}
    assert used == required == {"service_url", "desk"}


def test_every_parameter_is_of_a_kind_that_still_exists(manifest: dict[str, Any]) -> None:
    names = [each["name"] for each in manifest["parameters"]]
    assert len(names) == len(set(names))
    for each in manifest["parameters"]:
        assert set(each) <= PARAMETER_FIELDS
        assert each["type"] in PARAMETER_TYPES
        assert each["name"] != "name"
        assert re.fullmatch(r"[a-z_]+", each["name"])
        assert not (each["type"] == "hidden" and each.get("required"))
        assert not each.get("secure") or each.get("scopes")


def test_the_app_asks_for_no_secret(manifest: dict[str, Any]) -> None:
    """Whatever an admin types in there, agents' browsers can read."""
    assert not [each for each in manifest["parameters"] if each.get("secure")]
    assert not re.search(r"secret|token|password|key", json.dumps(manifest["parameters"]))


# What people read


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_and_a_label_for_every_parameter(
    language: str, manifest: dict[str, Any]
) -> None:
    app = read(APP / "translations" / f"{language}.json")["app"]
    assert set(app) == TEXTS | {"parameters"}
    assert all(app[each].strip() for each in TEXTS)
    assert set(app["parameters"]) == {each["name"] for each in manifest["parameters"]}
    for each in app["parameters"].values():
        assert set(each) == {"label", "helpText"}
        assert all(text.strip() for text in each.values())


def test_the_languages_are_files_that_zendesk_recognises(manifest: dict[str, Any]) -> None:
    names = {path.stem for path in (APP / "translations").iterdir()}
    assert names == set(LANGUAGES)
    assert all(re.fullmatch(r"[a-z]{2,3}(-\w{2,3})?", each) for each in names)
    assert manifest["defaultLocale"] in names


def test_no_text_of_the_app_promises_a_time() -> None:
    for path in (APP / "translations").iterdir():
        text = path.read_text(encoding="utf-8")
        rest = re.sub(r"not guaranteed|non garanti", "", text)
        assert not re.search(r"guarant|garant", rest, re.IGNORECASE)


# Assets


@pytest.mark.parametrize(("name", "size"), [("logo.png", 320), ("logo-small.png", 128)])
def test_a_logo_has_the_size_that_is_asked_for(name: str, size: int) -> None:
    content = (APP / "assets" / name).read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    kind, width, height, depth, colour = struct.unpack(">4sIIBB", content[12:26])
    assert (kind, width, height) == (b"IHDR", size, size)
    assert (depth, colour) in {(8, 2), (8, 6)}, "24 bits of colour, with or without transparency"


def test_the_drawing_of_the_logo_holds_nothing_that_runs_or_loads() -> None:
    drawing = (APP / "assets" / "logo.svg").read_text(encoding="utf-8")
    assert not re.search(r"<script|<image|<foreignObject|href|\son\w+=|<style|data:", drawing)
    assert "aria-label" in drawing


# The package


def test_the_package_is_named_by_its_version(archive: Path, manifest: dict[str, Any]) -> None:
    assert archive.name == f"support-policy-zendesk-{manifest['version']}.zip"


def test_the_package_holds_what_is_allowed_and_nothing_else(archive: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == sorted(ALLOWED)
        assert json.loads(packed.read("manifest.json"))["frameworkVersion"] == "2.0"
        assert b"MIT License" in packed.read("assets/LICENSE.txt")


def test_nothing_in_the_package_is_loaded_without_tls(archive: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        assert not [name for name in packed.namelist() if b"http://" in packed.read(name)]


def test_every_asset_is_packed_or_is_the_source_of_one() -> None:
    """A new asset is packed on purpose or not at all."""
    packed = {name.partition("/")[2] for name in ALLOWED if name.startswith("assets/")}
    present = {path.name for path in (APP / "assets").iterdir()}
    assert present - packed == {"logo.svg"}


def test_two_packages_of_the_same_files_are_the_same(packer: ModuleType, tmp_path: Path) -> None:
    first = packer.package(tmp_path / "a").read_bytes()
    second = packer.package(tmp_path / "b").read_bytes()
    assert first == second
    with zipfile.ZipFile(tmp_path / "a" / next((tmp_path / "a").iterdir()).name) as packed:
        assert {each.date_time for each in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {each.external_attr >> 16 for each in packed.infolist()} == {0o100644}
        assert {each.create_system for each in packed.infolist()} == {3}


def test_older_packages_go_and_other_files_stay(packer: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "support-policy-zendesk-0.0.1.zip").write_bytes(b"old")
    (tmp_path / "support_policy-0.1.0-py3-none-any.whl").write_bytes(b"another's")
    made = packer.package(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        made.name,
        "support_policy-0.1.0-py3-none-any.whl",
    }


def test_the_package_can_be_made_from_the_command_line(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, str(SCRIPT), "--to", str(tmp_path / "out")],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(ran.stdout.strip()).is_file()


def test_make_package_calls_the_script() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "package: ## " in makefile
    assert "tools/package_zendesk.py" in makefile
