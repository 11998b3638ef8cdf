"""Reference pages that cannot rot: what the code offers is documented, and nothing else is."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from tests.guards.pages import Page, keys
from tests.guards.tree import DOCS, ROOT, documents, name

from support_policy.cli import COMMANDS, group
from support_policy.core.document import Table
from support_policy.core.load import load
from support_policy.core.ticket import Channel, Standing
from support_policy.errors import PolicyError, Problem, SettingsError
from support_policy.helpdesks import KINDS
from support_policy.policy_tests import load_tests
from support_policy.settings import load_settings

Asked = dict[str, set[str]]
PAGES = [pytest.param(path, id=name(path)) for path in documents()]
README_LINES = 150
RECEIVED = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Every key the loaders ask for, by the place of its table."""
    found: Asked = defaultdict(set)
    close = Table.close

    def recording(self: Table) -> None:
        found[f"{Path(self.file).name}:{self.where}"] |= self.asked
        close(self)

    monkeypatch.setattr(Table, "close", recording)
    return found


def command(title: str) -> click.Command:
    found = group.get_command(click.Context(group), title)
    assert found is not None
    return found


def options(of: click.Command) -> set[str]:
    if isinstance(of, click.Group):
        return set().union(*(options(each) for each in of.commands.values()))
    context = click.Context(of, **of.context_settings, parent=click.Context(group))
    return {
        option
        for parameter in of.get_params(context)
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--") and option != "--help"
    }


# ----------------------------------------------------------------- docs/cli.md


@pytest.mark.parametrize("title", COMMANDS)
def test_every_command_and_option_has_its_place_in_the_reference(title: str) -> None:
    section = Page.read(DOCS / "cli.md").section(title)
    assert section, f"docs/cli.md has no heading {title!r}"
    assert set(re.findall(r"`(--[\w-]+)", section)) == options(command(title))


@pytest.mark.parametrize("title", COMMANDS)
def test_every_argument_is_named_in_the_reference(title: str) -> None:
    section = Page.read(DOCS / "cli.md").section(title)
    arguments = {
        each.make_metavar(click.Context(command(title))).strip("[]")
        for each in command(title).params
        if isinstance(each, click.Argument)
    }
    assert {each for each in arguments if each not in section} == set()


@pytest.mark.parametrize("title", COMMANDS)
def test_every_option_says_what_it_is_for(title: str) -> None:
    silent = [
        each.name
        for each in command(title).params
        if isinstance(each, click.Option) and not each.help
    ]
    assert not silent


@pytest.mark.parametrize("path", PAGES)
def test_every_command_line_shown_can_be_typed(path: Path) -> None:
    text = Page.read(path).text
    shown = re.findall(
        r"(?:^\$ |`|^ *|&& )support-policy ([a-z][a-z-]*)([^\n`]*)", text, re.MULTILINE
    )
    for title, rest in shown:
        if title in COMMANDS:
            typed = set(re.findall(r"(?<!\S)(--[a-z][\w-]*)", rest.partition("#")[0]))
            assert typed <= options(command(title)) | {"--help"}, f"{title}{rest}"
        else:
            assert title in {"is", "and"}, f"there is no command {title!r}"


# ------------------------------------------------------------ docs/settings.md


def settings_keys(asked: Asked, folder: Path, kind: str) -> tuple[set[str], set[str]]:
    """The keys of [service] and of a desk of this kind."""
    file = folder / "settings.toml"
    file.write_text(f'[service]\n[desks.name]\nkind = "{kind}"\n', encoding="utf-8")
    with suppress(SettingsError):  # secrets are missing: what counts is what was asked for
        load_settings(file)
    return asked["settings.toml:service"], asked["settings.toml:desks.name"]


def test_every_key_of_the_service_is_documented(asked: Asked, tmp_path: Path) -> None:
    service, _ = settings_keys(asked, tmp_path, "memory")
    assert keys(Page.read(DOCS / "settings.md").section("[service]")) == service


def test_every_key_of_permission_is_documented(asked: Asked, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[service]\n[permission]\n", encoding="utf-8")
    with suppress(SettingsError):
        load_settings(file)
    section = Page.read(DOCS / "settings.md").section("[permission]")
    assert keys(section) == asked["settings.toml:permission"] | {"push_token"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_a_desk_is_documented(asked: Asked, tmp_path: Path, kind: str) -> None:
    page = Page.read(DOCS / "settings.md")
    _, desk = settings_keys(asked, tmp_path, kind)
    assert page.section(kind), f"docs/settings.md has no heading {kind!r}"
    assert keys(page.section("[desks.NAME]")) | keys(page.section(kind)) == desk


def test_the_settings_shown_can_be_used_as_they_are(tmp_path: Path) -> None:
    whole = Page.read(DOCS / "settings.md").blocks("toml")[0]
    for secret in re.findall(r'"file/([^"]+)"', whole):
        (tmp_path / secret).write_text("a made-up secret", encoding="utf-8")
    file = tmp_path / "support-policy.toml"
    file.write_text(whole, encoding="utf-8")
    assert load_settings(file).desks


# ----------------------------------------------------- docs/policy-language.md


@pytest.fixture
def policy_keys(asked: Asked, tmp_path: Path) -> Asked:
    """Every key a policy folder may hold, asked of one with an example of each table."""
    rule = "name = 'a'\n"
    whole = {
        "support.toml": "[policy]\n[business_hours]\n[targets.high]\n[fee]\n[[eligibility]]\n"
        + rule,
        "classification.toml": f"[[classification]]\n{rule}",
        "adjustments.toml": f"[[adjustments]]\n{rule}",
        "readings.toml": "[[readings]]\nid = 'a'\n",
        "closures.toml": "",
        "support_test.toml": f"[[tests]]\n{rule}[tests.expect]\n",
    }
    for file, text in whole.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    with pytest.raises(PolicyError):
        load(tmp_path)
    load_tests(tmp_path, problems, received=RECEIVED)
    return asked


@pytest.mark.parametrize("stage", ["eligibility", "classification", "adjustments"])
def test_every_condition_and_result_is_documented(policy_keys: Asked, stage: str) -> None:
    file = "support.toml" if stage == "eligibility" else f"{stage}.toml"
    page = Page.read(DOCS / "policy-language.md")
    documented = keys(page.section("Conditions")) | keys(page.section("Results"))
    used = policy_keys[f"{file}:{stage}[a]"]
    assert {"name", "clause", "tags"} <= used
    assert used - {"name", "clause"} <= documented


def test_no_condition_or_result_is_made_up(policy_keys: Asked) -> None:
    page = Page.read(DOCS / "policy-language.md")
    documented = keys(page.section("Conditions")) | keys(page.section("Results"))
    assert documented <= {key for used in policy_keys.values() for key in used}


def test_every_other_key_of_a_policy_is_in_the_page(policy_keys: Asked) -> None:
    text = Page.read(DOCS / "policy-language.md").text
    missing = {
        f"{place}.{key}"
        for place, used in policy_keys.items()
        for key in used
        if not re.search(rf"(`{key}\b|^\[*{key}\b|^\[.*\b{key}\]|\b{key} ?=)", text, re.MULTILINE)
    }
    assert not missing


@pytest.mark.parametrize("word", [*Channel, *Standing])
def test_every_word_of_a_closed_set_is_in_the_page(word: str) -> None:
    assert f"`{word}`" in Page.read(DOCS / "policy-language.md").section("Conditions")


def test_the_tests_shown_in_the_page_can_be_loaded(tmp_path: Path) -> None:
    blocks = Page.read(DOCS / "policy-language.md").blocks("toml")
    shown = [block for block in blocks if "[[tests]]" in block]
    assert shown
    problems: list[Problem] = []
    for block in shown:
        (tmp_path / "support_test.toml").write_text(block, encoding="utf-8")
        load_tests(tmp_path, problems, received=RECEIVED)
    assert problems == []


# ------------------------------------------------------------------- all pages


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_somewhere(path: Path) -> None:
    page = Page.read(path)
    dead = []
    for target in page.links():
        file, _, fragment = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (
            fragment and there.suffix == ".md" and fragment not in Page.read(there).anchors()
        ):
            dead.append(target)
    assert not dead


@pytest.mark.parametrize("path", PAGES)
def test_every_toml_block_can_be_parsed(path: Path) -> None:
    for block in Page.read(path).blocks("toml"):
        tomllib.loads(block)


@pytest.mark.parametrize("path", PAGES)
def test_every_python_block_can_be_parsed(path: Path) -> None:
    for block in Page.read(path).blocks("python"):
        lines = block.splitlines()
        indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
        compile("\n".join(line[indent:] for line in lines), str(path), "exec")


def test_every_page_of_the_documentation_is_linked_from_another() -> None:
    linked = {
        (path.parent / target.partition("#")[0]).resolve()
        for path in documents()
        for target in Page.read(path).links()
    }
    alone = [name(path) for path in documents() if path.parent == DOCS and path not in linked]
    assert not alone


def test_the_readme_can_be_read_in_one_go() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= README_LINES
