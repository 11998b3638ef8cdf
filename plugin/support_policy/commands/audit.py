"""``support-policy audit``"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from support_policy.commands.options import settings_option
from support_policy.core.ticket import TicketRef
from support_policy.errors import SecretError
from support_policy.evidence.private_file import private_file
from support_policy.seal import Keys
from support_policy.settings import Settings, load_settings
from support_policy.store.ledger import Ledger
from support_policy.store.store import Store
from support_policy.system_clock import clock

_OUT = click.Path(dir_okay=False, path_type=Path)
_TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """``keys`` are None without [permission]: what is on record can be read, and nothing signed."""

    settings: Settings
    keys: Keys | None
    ledger: Ledger

    @property
    def signing(self) -> Keys:
        """The keys, for what cannot be done without them."""
        if self.keys is None:
            raise click.UsageError(
                "the settings have no [permission], which names the folder of the keys: "
                "put it back, as nothing can be signed without it"
            )
        return self.keys


@click.group("audit")
def command() -> None:
    """Take the record of permissions out, show it, and erase what a person can be known by."""


@command.command("export")
@settings_option
@click.option("--out", type=_OUT, required=True, help="The zip file to write.")
@click.option("--from", "since", type=_TIME, help="Only what was recorded from then on (UTC).")
@click.option("--to", "until", type=_TIME, help="Only what was recorded before then (UTC).")
def _export(settings_file: Path, out: Path, since: datetime | None, until: datetime | None) -> None:
    """Write records, personal values, public keys and a signed manifest into a zip file."""
    from support_policy.evidence.export import export

    with _record(settings_file) as record:
        made = export(
            record.ledger, record.signing, out, since=_utc(since), until=_utc(until), now=clock()
        )
    count = made.last - made.first + 1
    click.echo(f"{out}: {count} records from number {made.first} on, head {made.head}")


@command.command("packet")
@settings_option
@click.option("--ticket", required=True, help="The ticket, as DESK:NUMBER.")
@click.option("--out", type=_OUT, required=True, help="The HTML file to write.")
@click.option(
    "--language",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help="The language of the page; the texts are shown in both.",
)
def _packet(settings_file: Path, ticket: str, out: Path, language: str) -> None:
    """Write all there is on a ticket's fee on one page, ready to print, for a dispute."""
    from support_policy.core.load import load
    from support_policy.evidence.packet import Packet
    from support_policy.texts import load_texts

    ref = _ticket(ticket)
    with _record(settings_file) as record:
        entries = record.ledger.entries(ref)
        policy = load(record.settings.policy)
    if not entries:
        raise click.UsageError(f"there is nothing on record about {ref}")
    packet = Packet(entries=entries, policy=policy, texts=load_texts(language), now=clock())
    with private_file(out) as file:
        file.write(packet.html().encode("utf-8"))
    click.echo(f"{out}: {len(entries)} records")


@command.command("erase")
@settings_option
@click.option("--ticket", help="A ticket, as DESK:NUMBER.")
@click.option("--address", help="Every ticket with a value that this e-mail address stands in.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def _erase(settings_file: Path, ticket: str | None, address: str | None, *, yes: bool) -> None:
    """Delete what a person can be known by, for good; the records stay and prove what they did."""
    if (ticket is None) == (address is None):
        raise click.UsageError("give either --ticket or --address")
    with _record(settings_file) as record:
        _ = record.signing  # that they are gone goes on record, too
        found = (_ticket(ticket),) if ticket else record.ledger.naming(address or "")
        click.echo(f"tickets: {', '.join(map(str, found)) or 'none'}")
        if found and not yes:
            click.confirm("Erase their personal values? They cannot be brought back.", abort=True)
        for ref in found:
            count = record.ledger.erase(ref, now=clock())
            click.echo(f"{ref}: {count} values erased")


@command.command("keys")
@settings_option
def _keys(settings_file: Path) -> None:
    """Print the public keys as a JWK set, for whoever is to trust them."""
    with _record(settings_file) as record:
        click.echo(json.dumps(record.signing.public(), indent=2, sort_keys=True))


@command.command("rotate-key")
@settings_option
def _rotate_key(settings_file: Path) -> None:
    """Sign with a new key from now on; what was signed before stays checkable."""
    with _record(settings_file) as record:
        click.echo(f"signing with {record.signing.rotate()} from now on")


@command.command("make-keys")
@settings_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def _make_keys(settings_file: Path, *, yes: bool) -> None:
    """Make anew what is lost of the keys, when no back-up is left; what is there stays."""
    with _record(settings_file) as record:
        if not yes:
            click.confirm(
                "What was signed with a lost key is proved by its published public half alone, "
                "and no link that was sent opens any more. Make new keys?",
                abort=True,
            )
        record.signing.make()
        click.echo(f"signing with {record.signing.public()['keys'][0]['kid']} from now on")


@contextmanager
def _record(settings_file: Path) -> Iterator[_Record]:
    settings = load_settings(settings_file)
    keys = Keys(settings.permission.keys, may_make=False) if settings.permission else None
    store = Store.open(settings.database)
    try:
        store.migrate()
        ledger = store.ledger(keys.sign if keys else _unsigned)
        if keys and ledger.is_empty:
            keys.make()
        yield _Record(settings=settings, keys=keys, ledger=ledger)
    finally:
        store.close()


def _unsigned(_: bytes) -> str:
    raise SecretError("the settings have no [permission]: nothing can be signed")


def _ticket(text: str) -> TicketRef:
    desk, _, number = text.partition(":")
    if not desk or not number:
        raise click.UsageError(f"{text!r} is not a ticket such as helpdesk:17")
    return TicketRef(desk=desk, id=number)


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at else None
