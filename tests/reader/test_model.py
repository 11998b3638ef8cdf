"""The model as data: what it says of a message, and the files it is read from."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reader.model_at_hand import judged, plain_reader, policy_folder, tiny_model, tiny_reader

from support_policy.errors import PolicyError, Problem
from support_policy.reader import load_reader
from support_policy.reader.model import FILE, content_of, load_model, model_from

PARTS = ("keys", "scale", "weights", "bias", "about")


# ------------------------------------------------------------------ what it says


def test_it_says_a_category_and_the_words_that_decided() -> None:
    facts = tiny_reader().read(subject="", body="Hello, since Monday the website does not load.")
    (said,) = facts.named("reads_as.site")
    assert "website" in said.quote
    assert facts.body[said.start : said.end] == said.quote


def test_every_judgement_is_in_the_vocabulary() -> None:
    assert tiny_model().vocabulary == {
        "reads_as.site",
        "reads_as.mail",
        "reads_as.billing",
        "reads_as.unsure",
    }
    assert tiny_model().vocabulary < tiny_reader().vocabulary
    assert not any(name.startswith("reads_as.") for name in plain_reader().vocabulary)


@pytest.mark.parametrize("body", ["", "zzqq", "我的网站", "?!", "> \n>"])
def test_of_what_it_never_saw_it_says_nothing(body: str) -> None:
    assert judged(body) is None
    assert not any(
        name.startswith("reads_as.") for name in tiny_reader().read(subject="", body=body).names
    )


def test_what_it_is_not_sure_of_is_said_with_the_same_words() -> None:
    content = changed(about={**about(), "sure": 0.999, "temperature": 5.0})
    unsure = judged("The website does not load.", model_from(content))
    assert unsure
    assert not unsure.sure
    sure = judged("The website does not load.")
    assert sure
    assert sure.sure
    assert sure.words == unsure.words


def test_below_sure_the_reader_says_so(tmp_path: Path) -> None:
    content = changed(about={**about(), "sure": 0.999, "temperature": 5.0})
    reader = load_reader(policy_folder(tmp_path, content))
    facts = reader.read(subject="", body="The website does not load.")
    assert facts.named("reads_as.unsure")
    quotes = [fact.quote for fact in facts.named("reads_as.site")]
    assert quotes == [fact.quote for fact in facts.named("reads_as.unsure")]


@given(
    st.lists(st.floats(min_value=-1e6, max_value=1e6, width=32), min_size=3, max_size=3),
    st.floats(min_value=0.01, max_value=10),
)
def test_probabilities_add_up_to_one_and_keep_the_order(
    scores: list[float], temperature: float
) -> None:
    model = model_from(changed(about={**about(), "temperature": temperature}))
    probable = model.probabilities(np.array(scores, dtype=np.float32))
    assert probable.sum() == pytest.approx(1, abs=1e-5)
    assert (probable >= 0).all()
    assert probable[int(np.argmax(scores))] == probable.max()


def test_a_warm_model_is_less_sure_of_itself() -> None:
    scores = np.array([1.0, 0.5, 0.0], dtype=np.float32)
    cold, warm = (model_from(told(temperature=each)) for each in (0.5, 2.0))
    assert cold.probabilities(scores).max() > warm.probabilities(scores).max() > 1 / 3


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=30))
def test_a_category_never_comes_without_words(body: str, subject: str) -> None:
    found = judged(body, subject=subject)
    facts = tiny_reader().read(subject=subject, body=body)
    said = [fact for fact in facts.found if fact.name.startswith("reads_as.")]
    assert bool(said) == bool(found and found.words)
    assert all(fact.quote for fact in said)


# ------------------------------------------------------------------ its file


@cache
def content() -> bytes:
    return content_of(tiny_model())


@cache
def _parts() -> Mapping[str, npt.NDArray[Any]]:
    with np.load(BytesIO(content())) as arrays:
        return {name: arrays[name] for name in PARTS}


def about() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_parts()["about"].tobytes())
    return found


def changed(about: Any = None, **parts: npt.NDArray[Any]) -> bytes:
    """The tiny model's file with other parts; ``about`` as bytes or as what JSON can hold."""
    arrays: dict[str, Any] = {**_parts(), **parts}
    if about is not None:
        text = about if isinstance(about, bytes) else json.dumps(about).encode()
        arrays["about"] = np.frombuffer(text, dtype=np.uint8)
    out = BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def told(**values: Any) -> bytes:
    """The file with other things said about the model."""
    return changed(about={**about(), **values})


def with_member(name: str, member: bytes) -> bytes:
    """The file with other bytes in the place of one part."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content())) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            new.writestr(each, member if each == name else old.read(each))
    return out.getvalue()


def without(name: str) -> bytes:
    out = BytesIO()
    kept: dict[str, Any] = {key: part for key, part in _parts().items() if key != name}
    np.savez_compressed(out, **kept)
    return out.getvalue()


def marked(central: int, local: int, value: int) -> bytes:
    """The file with one byte of every entry's two headers set: an odd method, a flag."""
    found = bytearray(content())
    for signature, offset in ((b"PK\x01\x02", central), (b"PK\x03\x04", local)):
        at = found.find(signature)
        while at >= 0:
            found[at + offset] = value
            at = found.find(signature, at + 4)
    return bytes(found)


def bomb() -> bytes:
    """The model and something beside it: small on the disk, and 40 MB when unpacked."""
    out = BytesIO(content())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("more.npy", b"\0" * (40 << 20))
    return out.getvalue()


def claims(count: int) -> bytes:
    """A part whose header claims more numbers than there are."""
    out = BytesIO()
    head = {"descr": "<f4", "fortran_order": False, "shape": (count,)}
    np.lib.format.write_array_header_1_0(out, head)
    return with_member("keys.npy", out.getvalue())


def spoilt(name: str, value: float) -> bytes:
    part = _parts()[name].copy()
    part.flat[1] = value
    return changed(**{name: part})


def like(name: str, dtype: str) -> bytes:
    return changed(**{name: _parts()[name].astype(dtype)})


def twice_the_same_key() -> bytes:
    keys = _parts()["keys"].copy()
    keys[1] = keys[0]
    return changed(keys=keys)


NO_MODEL: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"this is no model",
    "cut in half": lambda: content()[: len(content()) // 2],
    "cut at the end": lambda: content()[:-1],
    "a part that is empty": lambda: with_member("keys.npy", b""),
    "a part that is text": lambda: with_member("keys.npy", b"hello"),
    "a part that is cut": lambda: with_member("weights.npy", b"\x93NUMPY\x01\x00v\x00{'descr'"),
    "a bomb": bomb,
    "a claim of four terabytes": lambda: claims(1 << 40),
    "a claim of eight gigabytes": lambda: claims(1 << 31),
    "a pickled object": lambda: changed(weights=np.array([[{}, 1]], dtype=object)),
    "an encrypted part": lambda: marked(8, 6, 1),
    "an unknown compression": lambda: marked(10, 8, 99),
    "another format": lambda: told(format=2),
    "no format": lambda: changed(about={"categories": ["a", "b"]}),
    "about is a list": lambda: changed(about=[1]),
    "about is no JSON": lambda: changed(about=b"{"),
    "about is no text": lambda: changed(about=b"\xff\xfe{"),
    "about has no end": lambda: changed(about=b"[" * 100_000),
    "temperature 0": lambda: told(temperature=0),
    "temperature below 0": lambda: told(temperature=-1.0),
    "temperature NaN": lambda: told(temperature=float("nan")),
    "temperature infinite": lambda: told(temperature=float("inf")),
    "temperature beyond all": lambda: told(temperature=10**400),
    "temperature a word": lambda: told(temperature="warm"),
    "temperature null": lambda: told(temperature=None),
    "sure NaN": lambda: told(sure=float("nan")),
    "no categories": lambda: changed(
        about={**about(), "categories": []},
        weights=np.zeros((len(_parts()["keys"]), 0)),
        bias=np.zeros(0),
    ),
    "one category too many": lambda: told(categories=["a", "b", "c", "d"]),
    "a category twice": lambda: told(categories=["a", "b", "a"]),
    "categories a word": lambda: told(categories="abc"),
    "categories null": lambda: told(categories=None),
    "a key twice": twice_the_same_key,
    "keys below 0": lambda: changed(keys=-_parts()["keys"].astype(np.int64)),
    "keys with a point": lambda: like("keys", "f8"),
    "keys that are words": lambda: like("keys", "U12"),
    "keys with a sign": lambda: like("keys", "<i4"),
    "keys of another byte order": lambda: like("keys", ">u4"),
    "whole weights": lambda: like("weights", "<i2"),
    "weights by column": lambda: changed(weights=np.asfortranarray(_parts()["weights"])),
    "complex weights": lambda: like("weights", "c8"),
    "weights of other shape": lambda: changed(weights=_parts()["weights"][1:]),
    "weights turned": lambda: changed(weights=_parts()["weights"].T),
    "one number": lambda: changed(keys=np.array(3)),
    "weights NaN": lambda: spoilt("weights", np.nan),
    "weights infinite": lambda: spoilt("weights", np.inf),
    "weights too large": lambda: changed(weights=_parts()["weights"].astype("f8") + 1e9),
    "scale NaN": lambda: spoilt("scale", np.nan),
    "scale 0": lambda: changed(scale=np.zeros_like(_parts()["scale"])),
    "scale below 0": lambda: changed(scale=-_parts()["scale"]),
    "bias infinite": lambda: spoilt("bias", -np.inf),
    **{f"no {name}": lambda name=name: without(name) for name in PARTS},  # type: ignore[misc]
}


@pytest.mark.parametrize("what", NO_MODEL)
def test_a_file_that_is_no_model_is_told_as_a_problem_of_the_policy(
    what: str, tmp_path: Path
) -> None:
    folder = policy_folder(tmp_path, NO_MODEL[what]())
    with pytest.raises(PolicyError) as caught:
        load_reader(folder)
    (problem,) = caught.value.problems
    assert problem.file == FILE
    assert problem.what.startswith("is not a model that this version can read: ")
    assert problem.what.rstrip(".").split(": ", 1)[1].strip()
    assert len(str(problem)) < 400
    assert "support-policy learn" in problem.suggestion


def _problems(folder: Path) -> tuple[Problem, ...]:
    try:
        load_model(folder)
    except PolicyError as error:
        return error.problems
    return ()


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_damage_is_told_or_does_no_harm(tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(content())
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    folder = policy_folder(tmp_path, bytes(damaged))
    if not _problems(folder):
        same = load_reader(folder).read(subject="", body="The website does not load.")
        assert same == tiny_reader().read(subject="", body="The website does not load.")


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(length=st.integers(min_value=0))
def test_a_file_cut_anywhere_is_told(tmp_path: Path, length: int) -> None:
    assert _problems(policy_folder(tmp_path, content()[: length % len(content())]))


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_told(tmp_path: Path, found: bytes) -> None:
    assert _problems(policy_folder(tmp_path, found))


def test_what_is_written_is_read_again_and_gives_the_same_bytes() -> None:
    again = model_from(content())
    assert content_of(again) == content()
    assert again.categories == tiny_model().categories
    assert again.about["tickets"] == tiny_model().about["tickets"]
    assert judged("The mailbox is empty.", again) == judged("The mailbox is empty.")


def test_the_order_in_which_things_are_told_of_a_model_does_not_matter() -> None:
    model = tiny_model()
    one = replace(model, about={"tickets": 24, "trained_on": "2026-11-23"})
    other = replace(model, about={"trained_on": "2026-11-23", "tickets": 24})
    assert content_of(one) == content_of(other) != content()


def test_a_policy_without_a_model_is_read_by_its_terms_alone(tmp_path: Path) -> None:
    folder = policy_folder(tmp_path, None)
    assert load_model(folder) is None
    facts = load_reader(folder).read(subject="", body="The website does not load.")
    assert facts.names == {"service.site"}


def test_terms_and_model_tell_their_problems_at_once(tmp_path: Path) -> None:
    folder = policy_folder(tmp_path, b"no model")
    (folder / "terms" / "broken.toml").write_text("[facts", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_reader(folder)
    assert [each.file for each in caught.value.problems] == ["terms/broken.toml", FILE]


def test_a_folder_in_the_place_of_the_model_is_no_model(tmp_path: Path) -> None:
    folder = policy_folder(tmp_path, None)
    (folder / FILE).mkdir()
    assert load_model(folder) is None
