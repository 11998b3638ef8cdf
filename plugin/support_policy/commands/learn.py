"""``support-policy learn``"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from support_policy.check import check
from support_policy.commands.evaluation import Run, changed, measured
from support_policy.commands.evaluation_figures import figures
from support_policy.commands.json_lines import written
from support_policy.commands.learning_text import Outcome, outcome_sentence, sentences
from support_policy.commands.options import named_policy
from support_policy.commands.step_bar import step_bar
from support_policy.core.facts import READS_AS
from support_policy.core.load import load
from support_policy.core.policy import Policy
from support_policy.errors import Problem
from support_policy.labelled import LabelledTicket, decided, read_labelled
from support_policy.learning import (
    Sides,
    TooLittleError,
    is_better,
    sides,
    unasked,
    usable,
    voice_of,
    words_of,
)
from support_policy.model_file import LEARNT, PREVIOUS, replace_model, with_model
from support_policy.policy_tests import FILE as TESTS
from support_policy.policy_tests import load_tests
from support_policy.reader import load_reader
from support_policy.reader.model import FILE, content_of, load_model
from support_policy.reader.terms import TermReader
from support_policy.settings import PACKAGED
from support_policy.system_clock import clock

if TYPE_CHECKING:
    from support_policy.reader.training import Example

Step = Callable[[str], None]
_STEPS = 5


@click.command("learn")
@click.option(
    "--policy",
    "policy_name",
    required=True,
    is_eager=True,  # asked for before the file is opened
    help="A policy folder of your own.",
)
@click.option(
    "--misses",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Tickets to list, at most, of those that are decided better and of those worse.",
)
@click.option("--dry-run", is_flag=True, help="Show what would come of it, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Outcome and figures as one JSON object.")
@click.argument("labelled", type=click.File("r", encoding="utf-8-sig", errors="replace"))
def command(
    policy_name: str, misses: int, labelled: TextIO, *, dry_run: bool, as_json: bool
) -> None:
    """Teach a policy's model your own labelled tickets, if that makes it better.

    LABELLED is a file as `evaluate` takes it. Some tickets are held back; the model is written
    only if it decides those better than the one before and the policy's own tests still pass.
    Needs the extra "learn": pip install "support-policy[learn]".
    """
    _refuse_without_scipy()
    folder = _own_folder(policy_name)
    policy = load(folder)
    tickets, skipped = _read(labelled, policy)
    found = sides(tickets)
    with step_bar(_STEPS) as step:
        pupil = _Pupil(folder=folder, policy=policy, now=clock(), step=step)
        lesson = pupil.learn(found, tickets)
    outcome = lesson.outcome(dry_run=dry_run)
    kept = outcome is Outcome.WRITTEN and replace_model(folder, lesson.content)
    differences = changed(lesson.after, lesson.before)
    for problem in lesson.broken:
        click.echo(str(problem), err=True)
    if as_json:
        row = figures(lesson.after, lesson.before, differences, misses=misses, skipped=skipped)
        click.echo(written(_row(outcome, found) | row))
    else:
        for line in sentences(lesson.before, lesson.after, differences, found, most=misses):
            click.echo(line)
        file, previous = str(folder / FILE), PREVIOUS if kept else ""
        click.echo(outcome_sentence(outcome, tickets=len(tickets), file=file, previous=previous))
    sys.exit(1 if outcome is Outcome.TESTS_FAIL else 0)


def _row(outcome: Outcome, found: Sides) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "learnt_from": len(found.learnt),
        "held_back": len(found.held_back),
    }


def _refuse_without_scipy() -> None:
    # Read when scipy is loaded: on a few hundred tickets its threads wait longer than they work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        import support_policy.reader.training  # noqa: F401 - whether it can be
    except ModuleNotFoundError as error:
        needed = str(error.name).partition(".")[0]
        raise click.UsageError(
            f"learning needs {needed}: pip install 'support-policy[learn]'"
        ) from error


def _own_folder(name: str) -> Path:
    """A folder that is the admin's; an update would take back what a packaged policy learnt."""
    folder = named_policy(name)
    packaged = {Path(str(named_policy(each))).resolve() for each in PACKAGED}
    own = Path(str(folder))
    if {own.resolve(), (own / FILE).resolve().parent} & packaged:  # the model may be a link
        raise click.UsageError(
            f"{name} came with the package and stays as it is: make a policy folder of your own "
            "with support-policy init"
        )
    return own


def _read(file: TextIO, policy: Policy) -> tuple[tuple[LabelledTicket, ...], int]:
    """The tickets that can be learnt from, and how many lines are no tickets."""
    labelled = read_labelled(file, policy, file=getattr(file, "name", "standard input"))
    for problem in labelled.problems:
        click.echo(str(problem), err=True)
    if labelled.skipped:
        read = len(labelled.tickets)
        click.echo(f"tickets read: {read}; lines left out: {labelled.skipped}", err=True)
    tickets = usable(labelled.tickets)
    if unnamed := len(labelled.tickets) - len(tickets):
        click.echo(f"left out, because they name a priority and no category: {unnamed}", err=True)
    for category in unasked(policy, tickets):
        click.echo(
            f"no rule of the policy asks for reads_as.{category}: "
            "what is learnt of that category decides nothing",
            err=True,
        )
    return tickets, labelled.skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """The tickets held back as they are decided before and after, and the model that came of it.

    ``content`` is empty when learning made nothing better; ``broken`` is what the policy's own
    tests say against it.
    """

    before: Run
    after: Run
    content: bytes = b""
    broken: tuple[Problem, ...] = ()

    def outcome(self, *, dry_run: bool) -> Outcome:
        if not self.content:
            return Outcome.NOT_BETTER
        if self.broken:
            return Outcome.TESTS_FAIL
        return Outcome.DRY_RUN if dry_run else Outcome.WRITTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pupil:
    """A policy whose model is to learn, and the moment at which it does."""

    folder: Path
    policy: Policy
    now: datetime
    step: Step

    def learn(self, found: Sides, tickets: Sequence[LabelledTicket]) -> _Lesson:
        """Try it on the tickets held back; if that is better, learn from all."""
        self.step("the model in use")
        before = self._run(self.folder, found.held_back)
        self.step("learning")
        content = self._trained(found.learnt)
        self.step("the new model")
        with with_model(self.folder, content) as trial:
            after = self._run(trial, found.held_back, beside=before)
        if not is_better(after.evaluation, before.evaluation, self.policy):
            return _Lesson(before=before, after=after)
        self.step("learning from all tickets")
        content = self._trained(tickets)
        self.step("the policy's own tests")
        with with_model(self.folder, content) as trial:
            broken = self._broken(trial)
        return _Lesson(before=before, after=after, content=content, broken=broken)

    def _run(
        self, folder: Path, tickets: Sequence[LabelledTicket], *, beside: Run | None = None
    ) -> Run:
        reader = load_reader(folder)
        found = [decided(ticket, self.policy, reader) for ticket in tickets]
        return measured(str(self.folder), self.policy, found, beside=beside)

    def _trained(self, tickets: Sequence[LabelledTicket]) -> bytes:
        from support_policy.reader.training import train

        start, reader = load_model(self.folder), load_reader(self.folder)
        told = start.about if start else {}
        # Whatever an earlier lesson counted is taught again, for the file holds it, or forgotten.
        shipped = int(told.get("tickets", 0)) - int(told.get(LEARNT, 0))
        about = {
            "trained_on": f"{self.now:%Y-%m-%d}",
            "tickets": shipped + len(tickets),
            LEARNT: len(tickets),
        }
        try:
            model = train(
                [*_examples(tickets), *self._kept(reader)], reader, start=start, about=about
            )
        except ValueError as error:
            raise TooLittleError(f"nothing can be learnt: {error}") from None
        return content_of(model)

    def _kept(self, reader: TermReader) -> list[Example]:
        """The policy's own tests that the model in use reads as they expect: it is to go on so.

        A few tickets of one kind would else push over what stands close to them.
        """
        from support_policy.reader.training import Example

        found = []
        for test in load_tests(self.folder, [], received=self.now):
            subject, body, category = test.ticket.subject, test.ticket.body, test.expect.category
            names = {fact.name for fact in reader.read(subject=subject, body=body).found}
            if category and READS_AS + category in names:
                found.append(
                    Example(subject=subject, body=body, category=category, voice=test.name)
                )
        return found

    def _broken(self, trial: Path) -> tuple[Problem, ...]:
        """What the tests say that pass with the model in use and not with the new one."""
        before, after = (check(folder, now=self.now).results for folder in (self.folder, trial))
        return tuple(
            Problem(TESTS, new.test.name, f"{difference}.")
            for old, new in zip(before, after, strict=True)
            if not old.differences
            for difference in new.differences
        )


def _examples(tickets: Sequence[LabelledTicket]) -> list[Example]:
    from support_policy.reader.training import Example

    voices = voice_of(tickets)
    return [
        Example(
            subject=ticket.subject,
            body=ticket.body,
            category=ticket.label.category or "",
            voice=voices[words_of(ticket)],
        )
        for ticket in tickets
    ]
