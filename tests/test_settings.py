"""The admin's settings: every mistake at once, and secrets that never stand in a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.small_policy import small_policy

from support_policy.errors import Problem, SettingsError
from support_policy.helpdesk import Delivery
from support_policy.helpdesks.django_helpdesk.client import DjangoHelpdesk
from support_policy.helpdesks.memory import MemoryDesk, MemoryNotebook
from support_policy.helpdesks.osticket.signature import spelled
from support_policy.service import claim, unfit
from support_policy.settings import (
    MAX_BODY,
    Mode,
    NoteLanguage,
    Settings,
    database_url,
    load_settings,
)
from support_policy.store.store import Store

SECRET = "s3cr3t-of-the-desk"
PASSWORD = "hunter2-and-more"
FULL = """\
[service]
policy = "mexxus"
database = "sqlite:///kept.db"
listen = "127.0.0.1:9090"
max_body = 1000
accounts = "accounts.csv"

[desks.front]
kind = "django-helpdesk"
mode = "enforce"
language = "fr"
allow_unconfirmed = true
url = "https://desk.example.com/"
username = "support-policy"
password = "file/password"
webhook_tokens = ["env/SUPPORT_POLICY_TEST_TOKEN", "file/old-token"]
app_users = [4]
departments = { "level-2" = "level_2" }

[desks.try]
kind = "memory"
webhook_tokens = ["file/old-token"]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUPPORT_POLICY_TEST_TOKEN", SECRET)
    monkeypatch.delenv("SUPPORT_POLICY_TEST_NOTHING", raising=False)
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    (tmp_path / "old-token").write_text("old\n", encoding="utf-8")
    return tmp_path


def settings(folder: Path, text: str = FULL) -> Settings:
    file = folder / "support-policy.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(SettingsError) as caught:
        settings(folder, text)
    told = str(caught.value)
    assert SECRET not in told
    assert PASSWORD not in told
    return caught.value.problems


def test_everything_that_is_written_is_in_the_settings(folder: Path) -> None:
    found = settings(folder)
    assert found.policy.joinpath("support.toml").is_file()
    assert found.database == f"sqlite:///{folder.resolve()}/kept.db"
    assert (found.listen, found.max_body) == ("127.0.0.1:9090", 1000)
    assert found.accounts == folder / "accounts.csv"
    assert [desk.name for desk in found.desks] == ["front", "try"]
    front = found.desk("front")
    assert front is not None
    assert (front.kind, front.mode, front.language) == (
        "django-helpdesk",
        Mode.ENFORCE,
        NoteLanguage.FR,
    )
    assert front.allow_unconfirmed
    assert dict(front.departments) == {"level-2": "level_2"}
    assert found.desk("nobody") is None


ZENDESK = """\
[service]
{desks}"""

ONE_ACCOUNT = """
[desks.{name}]
kind = "zendesk"
subdomain = "{subdomain}"
public_url = "https://policy.example.com"
client_id = "support_policy"
client_secret = "file/password"
"""


def zendesk(*names: str, subdomain: str = "mexxus") -> str:
    desks = (ONE_ACCOUNT.format(name=name, subdomain=subdomain) for name in names)
    return ZENDESK.format(desks="".join(desks))


def test_two_desks_that_are_one_account_are_a_mistake(folder: Path) -> None:
    [problem] = problems(folder, zendesk("one", "two"))
    assert problem.where == "desks.two"
    assert "desks.one" in problem.what


def test_a_desk_that_was_one_account_is_refused_as_another(folder: Path) -> None:
    store = Store.open(f"sqlite:///{folder}/store.db")
    store.migrate()
    for subdomain in ("mistyped", "mexxus", "mexxus"):
        found = settings(folder, zendesk("zendesk", subdomain=subdomain))
        claim(found, found.desks[0], store)
    heard = Delivery(desk="zendesk", key="opened:1", ticket_id="1", received_at=datetime.now(UTC))
    store.accept(heard)
    claim(found, found.desks[0], store)
    other = settings(folder, zendesk("zendesk", subdomain="mexxus-sandbox"))
    with pytest.raises(SettingsError) as caught:
        claim(other, other.desks[0], store)
    assert "mexxus-sandbox" in str(caught.value)
    memory = settings(folder)
    claim(memory, memory.desks[1], store)
    store.close()


def test_a_desk_that_is_known_by_its_secret_may_move_to_another_address(folder: Path) -> None:
    (folder / "shared").write_text(spelled(b"x" * 24), encoding="utf-8")
    store = Store.open(f"sqlite:///{folder}/store.db")
    store.migrate()
    for host in ("old", "new"):
        text = (
            f'[service]\n[desks.osticket]\nkind = "osticket"\nurl = "https://{host}.example.com"\n'
        )
        found = settings(folder, text + 'secrets = ["file/shared"]\n')
        claim(found, found.desks[0], store)
        store.accept(
            Delivery(desk="osticket", key=host, ticket_id="1", received_at=datetime.now(UTC))
        )
    store.close()


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ('subdomain = "a.b"', "subdomain"),
        ('subdomain = "evil.example/"', "subdomain"),
        ('public_url = "http://policy.example.com"', "public_url"),
        ('base_url = "https://elsewhere.example"', "base_url"),
        ('signing_secrets = "env/SECRET"', "signing_secrets"),
        ("requests_per_minute = 1", "requests_per_minute"),
        ('app_users = ["7"]', "app_users"),
        ('setup_client_id = "only"', "setup_client_secret"),
        ('departments = { "Support" = "level_2" }', "departments.Support"),
        ('api_token = "file/password"', "api_token_email"),
    ],
)
def test_a_mistake_about_zendesk_has_its_place(folder: Path, line: str, where: str) -> None:
    key = line.partition(" =")[0]
    kept = [each for each in zendesk("front").splitlines() if not each.startswith(f"{key} =")]
    found = problems(folder, "\n".join([*kept, line]))
    assert f"desks.front.{where}" in {problem.where for problem in found}


def test_a_desk_is_opened_with_its_secrets_and_all_of_its_tokens(folder: Path) -> None:
    front = settings(folder).desk("front")
    assert front is not None
    desk = front.setup.open(MemoryNotebook())
    assert isinstance(desk, DjangoHelpdesk)
    assert desk.name == "front"
    assert desk.codec.tokens == (SECRET, "old")
    assert desk.codec.app_users == frozenset({4})
    memory = settings(folder).desk("try")
    assert memory is not None
    assert isinstance(memory.setup.open(MemoryNotebook()), MemoryDesk)


def test_what_is_not_written_is_cautious(folder: Path) -> None:
    found = settings(
        folder, '[service]\n[desks.d]\nkind = "memory"\nwebhook_tokens = ["file/old-token"]\n'
    )
    [desk] = found.desks
    assert desk.mode is Mode.OBSERVE
    assert not desk.allow_unconfirmed
    assert found.listen.startswith("127.0.0.1:")
    assert found.max_body == MAX_BODY
    assert found.accounts is None


def test_a_policy_folder_is_looked_for_beside_the_settings(folder: Path) -> None:
    (folder / "ours").mkdir()
    found = settings(folder, FULL.replace('"mexxus"', '"ours"'))
    assert found.policy == folder / "ours"


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("sqlite:////var/kept.db", "sqlite:////var/kept.db"),
        ("postgresql://user@host/name", "postgresql://user@host/name"),
    ],
)
def test_an_absolute_database_is_left_as_it_is(url: str, resolved: str, tmp_path: Path) -> None:
    assert database_url(url, tmp_path) == resolved


@pytest.mark.parametrize(
    "url",
    [
        "postgres://h/n",
        "postgresql://user@host/name",
        "postgresql+psycopg://user:p/a:s#s?w%40rd@host:5432/name?sslmode=require",
        "postgresql:///name?host=/run/postgresql",
        "postgresql://[::1]:5432/name",
    ],
)
def test_a_database_the_store_understands_is_accepted(folder: Path, url: str) -> None:
    assert settings(folder, FULL.replace("sqlite:///kept.db", url)).database == url
    Store.open(url).close()


WRONG = [
    ("a misspelt key", ("listen =", "lisen ="), "service.lisen", "Did you mean 'listen'?"),
    ("an unknown table", ("[desks.try]", "[desk.try]"), "desk", "Did you mean 'desks'?"),
    ("no policy there", ('"mexxus"', '"nowhere"'), "service.policy", "not a policy folder"),
    ("a body that is no number", ("1000", '"1 MB"'), "service.max_body", "whole number"),
    ("a body of nothing", ("1000", "0"), "service.max_body", ""),
    ("a place without a port", ("127.0.0.1:9090", "127.0.0.1"), "service.listen", "127.0.0.1"),
    ("a port that is none", (":9090", ":90900"), "service.listen", "90900"),
    ("an unknown database", ("sqlite:///kept.db", "mysql://h/n"), "service.database", ""),
    (
        "a port that is no number",
        ("sqlite:///kept.db", "postgresql://u@h:x/n"),
        "service.database",
        "",
    ),
    ("a port left out", ("sqlite:///kept.db", "postgresql://u@h:/n"), "service.database", ""),
    ("a port too large", ("sqlite:///kept.db", "postgresql://u@h:65536/n"), "service.database", ""),
    (
        "an unknown driver",
        ("sqlite:///kept.db", "postgres+psycopg://u@h/n"),
        "service.database",
        "",
    ),
    ("a file with options", ("sqlite:///kept.db", "sqlite:///kept.db?x=1"), "service.database", ""),
    ("no file", ("sqlite:///kept.db", "sqlite:///"), "service.database", ""),
    ("a file of odd letters", ("kept.db", "kept\\u0000.db"), "service.database", ""),
    ("a desk of two words", ("[desks.try]", '[desks."try it"]'), "desks.try it", "may only have"),
    ("a desk with a slash", ("[desks.try]", '[desks."a/b"]'), "desks.a/b", "may only have"),
    ("a desk of no letters", ("[desks.try]", '[desks.""]'), "desks.", "may only have"),
    (
        "an unknown kind",
        ('"django-helpdesk"', '"django-helpdsk"'),
        "desks.front.kind",
        "Did you mean 'django-helpdesk'?",
    ),
    ("no kind", ('kind = "memory"\n', ""), "desks.try.kind", "is missing"),
    ("an unknown mode", ('"enforce"', '"enforced"'), "desks.front.mode", "Did you mean 'enforce'?"),
    ("an unknown language", ('"fr"', '"de"'), "desks.front.language", "'de'"),
    ("an address without a scheme", ("https://", ""), "desks.front.url", "https://"),
    ("an address that is none", ("https://desk.example.com/", "http://["), "desks.front.url", ""),
    ("a log-in in the address", ("//desk.", f"//jo:{PASSWORD}@desk."), "desks.front.url", ""),
    ("no user", ('username = "support-policy"\n', ""), "desks.front.username", "is missing"),
    (
        "a secret in the settings",
        ('"file/password"', f'"{PASSWORD}"'),
        "desks.front.password",
        "env/NAME",
    ),
    (
        "a token in the settings",
        ('"env/SUPPORT_POLICY_TEST_TOKEN"', f'"{SECRET}"'),
        "desks.front.webhook_tokens",
        "file/PATH",
    ),
    (
        "a file without a secret",
        ("file/password", "file/nothing"),
        "desks.front.password",
        "nothing",
    ),
    (
        "a variable that is not set",
        ("env/SUPPORT_POLICY_TEST_TOKEN", "env/SUPPORT_POLICY_TEST_NOTHING"),
        "desks.front.webhook_tokens",
        "SUPPORT_POLICY_TEST_NOTHING",
    ),
    (
        "no tokens",
        ('kind = "memory"\nwebhook_tokens = ["file/old-token"]', 'kind = "memory"'),
        "desks.try.webhook_tokens",
        "at least one",
    ),
    ("users that are names", ("[4]", '["jo"]'), "desks.front.app_users", "[7]"),
    ("users that are truths", ("[4]", "[true]"), "desks.front.app_users", "[7]"),
    ("a department that is no text", ('"level_2"', "2"), "desks.front.departments.level-2", ""),
    ("a desk that is no table", ("[desks.front]", "[desks]\nx = 1\n[desks.front]"), "desks.x", ""),
]


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [pytest.param(*row[1:], id=row[0].replace(" ", "-")) for row in WRONG],
)
def test_a_mistake_is_told_with_its_place_and_what_to_do(
    folder: Path, change: tuple[str, str], place: str, words: str
) -> None:
    assert change[0] in FULL
    found = problems(folder, FULL.replace(*change))
    told = [each for each in found if each.where == place and words in str(each)]
    assert told, "\n".join(map(str, found))
    assert all("support-policy.toml" in each.file for each in found)


def test_every_mistake_is_told_at_once(folder: Path) -> None:
    text = FULL
    for old, new in (
        ('"mexxus"', '"nowhere"'),
        ('"enforce"', '"enforced"'),
        ("https://", ""),
        ("file/password", "file/nothing"),
        ("[4]", '["jo"]'),
        ("listen =", "lisen ="),
    ):
        text = text.replace(old, new)
    assert {each.where for each in problems(folder, text)} >= {
        "service.policy",
        "desks.front.mode",
        "desks.front.url",
        "desks.front.password",
        "desks.front.app_users",
        "service.lisen",
    }


def test_credentials_in_an_address_stand_in_no_message(folder: Path) -> None:
    for address in (f"ftp://jo:{PASSWORD}@desk.example.com", f"jo:{PASSWORD}@desk.example.com"):
        problems(folder, FULL.replace("https://desk.example.com/", address))
    problems(folder, FULL.replace("sqlite:///kept.db", f"mysql://jo:{PASSWORD}@host/name"))


def test_no_secret_stands_in_what_the_settings_print(folder: Path) -> None:
    found = settings(folder)
    front = found.desk("front")
    assert front is not None
    for printed in (repr(found), repr(front.setup.open(MemoryNotebook()))):
        assert SECRET not in printed
        assert PASSWORD not in printed


def test_settings_that_are_missing_or_no_text_are_told_by_name(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"support-policy\.toml"):
        load_settings(folder / "support-policy.toml")
    (folder / "support-policy.toml").write_bytes(b'x = "\xe9"')
    with pytest.raises(SettingsError, match=r"support-policy\.toml"):
        load_settings(folder / "support-policy.toml")


def test_bad_syntax_is_told_with_its_line(folder: Path) -> None:
    found = problems(folder, FULL + "x = = 1\n")
    assert any(f"line {len(FULL.splitlines()) + 1}" in each.what for each in found)


def test_settings_without_a_desk_or_a_service_are_a_mistake(folder: Path) -> None:
    assert {each.where for each in problems(folder, "")} >= {"service", "desks"}
    assert "desks" in {each.where for each in problems(folder, "[service]\n[desks]\n")}


def test_a_secret_may_stand_in_a_file_with_an_absolute_path(folder: Path) -> None:
    found = settings(folder, FULL.replace("file/password", f"file/{folder}/password"))
    assert found.desk("front") is not None


def test_a_department_that_the_policy_moves_tickets_to_must_have_a_name_at_the_desk(
    folder: Path,
) -> None:
    (folder / "shared").write_text(spelled(b"x" * 24), encoding="utf-8")
    policy = small_policy(folder / "policy")
    moving = replace(
        policy, targets=tuple(replace(each, department="sales") for each in policy.targets)
    )
    text = (
        '[service]\n[desks.osticket]\nkind = "osticket"\nurl = "https://desk.example.com"\n'
        'secrets = ["file/shared"]\nallow_unconfirmed = true\n'
    )
    [problem] = unfit(moving, settings(folder, text))
    assert problem.where == "desks.osticket.departments"
    assert "sales" in problem.what
    assert not unfit(moving, settings(folder, text + 'departments = { "Sales" = "sales" }\n'))
    assert not unfit(policy, settings(folder, text))


def paid_help(**keys: str) -> str:
    given = {"public_url": "https://policy.example.com/desk/", **keys}
    return "\n[permission]\n" + "\n".join(f'{key} = "{text}"' for key, text in given.items())


def test_paid_help_is_read_with_its_places_beside_the_settings(folder: Path) -> None:
    assert settings(folder).permission is None
    found = settings(folder, FULL + paid_help(contacts="contacts.csv")).permission
    assert found is not None
    assert found.public_url == "https://policy.example.com/desk"
    assert found.keys == folder / "permission-keys"
    assert found.contacts == folder / "contacts.csv"
    assert (found.push_url, found.push_token) == (None, "")


@pytest.mark.parametrize(
    ("keys", "where", "words"),
    [
        ({"public_url": "http://policy.example.com"}, "public_url", "https"),
        ({"public_url": "policy.example.com"}, "public_url", "address"),
        ({"public_url": "https://policy.example.com/?a=b"}, "public_url", "path"),
        ({"public_url": "https://policy.example.com/#here"}, "public_url", "path"),
        ({"push_url": "http://billing.example.com"}, "push_url", "https"),
        ({"key": "keys"}, "key", "keys"),
    ],
)
def test_a_mistake_about_paid_help_has_its_place(
    folder: Path, keys: dict[str, str], where: str, words: str
) -> None:
    (found,) = problems(folder, FULL + paid_help(**keys))
    assert found.where == f"permission.{where}"
    assert words in str(found)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"])
def test_paid_help_may_be_plain_http_on_this_machine(folder: Path, host: str) -> None:
    found = settings(folder, FULL + paid_help(public_url=f"http://{host}")).permission
    assert found is not None
    assert found.public_url == f"http://{host}"
