"""What `init` writes: a policy that loads, settings that can be used, and never over anything."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from support_policy.check import check
from support_policy.core.load import load
from support_policy.errors import PolicyError, Problem, SettingsError, SupportPolicyError
from support_policy.helpdesks.osticket.signature import key_of
from support_policy.settings import Mode, load_settings
from support_policy.starter import DESKS, POLICY, SETTINGS, SIGNING, TOKEN, Answers, write

TODAY = date(2026, 11, 23)


def answers(**changes: object) -> Answers:
    given: dict[str, object] = {
        "time_zone": "Europe/Paris",
        "hours": ("mon-thu 08:30-12:00,13:00-17:30", "fri 08:30-12:00"),
        "holidays": "FR",
        "desk": "memory",
        "confirmed": True,
    }
    return Answers(**(given | changes))  # type: ignore[arg-type]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_init_in_an_empty_folder_gives_a_policy_that_loads(tmp_path: Path) -> None:
    written = write(tmp_path, answers(), today=TODAY)
    assert {path.name for path in written} == {SETTINGS, POLICY, TOKEN}
    policy = load(tmp_path / POLICY)
    schedule = policy.schedule
    assert schedule.time_zone == "Europe/Paris"
    assert schedule.is_open(at("2026-11-23T08:30+01:00"))
    assert not schedule.is_open(at("2026-11-23T12:30+01:00"))
    assert schedule.is_open(at("2026-11-23T17:29:59+01:00"))
    assert not schedule.is_open(at("2026-11-27T13:00+01:00")), "Friday afternoon"
    assert not schedule.is_open(at("2026-11-28T10:00+01:00")), "Saturday"
    assert not schedule.is_open(at("2026-07-14T10:00+02:00")), "a holiday of France"
    assert schedule.is_open(at("2026-06-24T10:00+02:00")), "not one of Quebec"


def test_the_policy_it_writes_passes_its_own_check(tmp_path: Path) -> None:
    shipped = answers(time_zone="America/Toronto", hours=("mon-fri 09:00-17:00",), holidays="CA-QC")
    write(tmp_path, shipped, today=TODAY)
    report = check(tmp_path / POLICY, now=datetime(2026, 11, 23, 15, tzinfo=UTC))
    assert [str(problem) for problem in report.problems] == []


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    write(tmp_path / "new" / "deep", answers(), today=TODAY)
    load(tmp_path / "new" / "deep" / POLICY)


def test_the_settings_it_writes_can_be_loaded_and_change_no_desk(tmp_path: Path) -> None:
    write(tmp_path, answers(desk="memory"), today=TODAY)
    settings = load_settings(tmp_path / SETTINGS)
    assert {desk.mode for desk in settings.desks} == {Mode.OBSERVE}
    assert settings.policy == tmp_path / POLICY


def test_only_the_desks_own_password_is_left_to_be_written(tmp_path: Path) -> None:
    write(tmp_path, answers(desk="django-helpdesk"), today=TODAY)
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / SETTINGS)
    [problem] = caught.value.problems
    assert "helpdesk-password" in problem.what
    (tmp_path / "helpdesk-password").write_text("a password", encoding="utf-8")
    [desk] = load_settings(tmp_path / SETTINGS).desks
    assert desk.mode is Mode.OBSERVE


@pytest.mark.parametrize("desk", sorted(desk for desk in DESKS if TOKEN in DESKS[desk]))
def test_the_secret_is_long_random_private_and_in_no_other_file(tmp_path: Path, desk: str) -> None:
    tokens = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        write(folder, answers(desk=desk), today=TODAY)
        assert stat.S_IMODE((folder / TOKEN).stat().st_mode) == 0o600
        tokens.append((folder / TOKEN).read_text(encoding="utf-8").strip())
        assert tokens[-1] not in (folder / SETTINGS).read_text(encoding="utf-8")
    assert tokens[0] != tokens[1]
    assert all(len(token) >= 32 for token in tokens)


def test_a_desk_that_signs_needs_no_token_and_says_what_is_still_to_fill_in(
    tmp_path: Path,
) -> None:
    written = write(tmp_path, answers(desk="zendesk"), today=TODAY)
    assert {path.name for path in written} == {SETTINGS, POLICY}
    for name in ("zendesk-client-secret", "zendesk-setup-secret"):
        (tmp_path / name).write_text("secret")
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / SETTINGS)
    assert {problem.where for problem in caught.value.problems} == {
        "desks.zendesk.subdomain",
        "desks.zendesk.public_url",
    }
    text = (tmp_path / SETTINGS).read_text().replace("YOUR-SERVICE", "policy.example.com")
    (tmp_path / SETTINGS).write_text(text.replace("YOUR-SUBDOMAIN", "mexxus"))
    assert [desk.mode for desk in load_settings(tmp_path / SETTINGS).desks] == [Mode.OBSERVE]


def test_hours_a_person_gave_are_confirmed_with_the_day_and_others_stay_open(
    tmp_path: Path,
) -> None:
    write(tmp_path / "a", answers(confirmed=True), today=TODAY)
    write(tmp_path / "b", answers(confirmed=False), today=TODAY)
    given, guessed = (
        {reading.id: reading for reading in load(tmp_path / name / POLICY).readings}
        for name in ("a", "b")
    )
    assert (given["C7"].confirmed, given["C7"].ruled_on) == (True, TODAY)
    assert not guessed["C7"].confirmed
    for readings in (given, guessed):
        assert not [each.id for each in readings.values() if each.confirmed and each.id != "C7"]


@pytest.mark.parametrize("there", [SETTINGS, POLICY, TOKEN])
def test_nothing_is_ever_overwritten(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        write(tmp_path, answers(), today=TODAY)
    assert there in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"


def test_everything_that_is_in_the_way_is_named_at_once(tmp_path: Path) -> None:
    write(tmp_path, answers(), today=TODAY)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(SettingsError) as caught:
        write(tmp_path, answers(time_zone="UTC"), today=TODAY)
    assert {problem.file for problem in caught.value.problems} == {SETTINGS, POLICY, TOKEN}
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


ODD = [
    ({"time_zone": "Europe/Pariss"}, "Pariss"),
    ({"time_zone": ""}, "time_zone"),
    ({"time_zone": 'UTC"\n[policy]\nid = "evil'}, ""),
    ({"holidays": "XX"}, "XX"),
    ({"holidays": "FR-QQQ"}, "QQQ"),
    ({"holidays": 'CA"'}, ""),
    ({"hours": ("mon-fri",)}, "mon-fri"),
    ({"hours": ("lun-ven 09:00-17:00",)}, "lun-ven"),
    ({"hours": ("fri-mon 09:00-17:00",)}, "fri-mon"),
    ({"hours": ("mon 9-17",)}, "mon 9-17"),
    ({"hours": ("mon 09:00-25:00",)}, "25:00"),
    ({"hours": ("mon 09:00-12:00", "mon 11:00-17:00")}, "mon"),
    ({"hours": ("",)}, ""),
    ({"hours": ()}, "hours"),
    ({"desk": "zendsk"}, "zendsk"),
    ({"desk": ""}, ""),
]


@pytest.mark.parametrize(("odd", "words"), ODD, ids=[ascii(row[0])[:50] for row in ODD])
def test_an_odd_answer_is_told_and_leaves_nothing_behind(
    tmp_path: Path, odd: dict[str, object], words: str
) -> None:
    for folder in (tmp_path, tmp_path / "new"):
        with pytest.raises((SettingsError, PolicyError)) as caught:
            write(folder, answers(**odd), today=TODAY)
        assert words in str(caught.value)
        assert list(tmp_path.iterdir()) == []


def test_a_desk_that_is_not_known_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Did you mean 'memory'"):
        write(tmp_path, answers(desk="memry"), today=TODAY)


def test_every_odd_line_of_hours_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        write(tmp_path, answers(hours=("xyz", "mon 09:00-17:00", "tue 9-5")), today=TODAY)
    told = str(caught.value)
    assert "xyz" in told
    assert "tue 9-5" in told


def test_a_folder_that_cannot_be_written_leaves_nothing_half_done(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises((OSError, SupportPolicyError)):
        write(tmp_path / "file", answers(), today=TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_place_that_cannot_be_written_is_told_by_its_own_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder, error in (
        (tmp_path / "file" / "new" / "deep", "Not a directory"),
        (tmp_path / "new" / ("x" * 300), "File name too long"),
        (Path("/proc/nowhere/desk"), ""),
    ):
        with pytest.raises(SettingsError, match=f"cannot be written: {error}"):
            write(folder, answers(), today=TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_clean_up_never_hides_the_error_that_led_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(policy: Path) -> None:
        (policy.parent / "somebody-elses").write_text("mine", encoding="utf-8")
        raise PolicyError((Problem("support.toml", "", "the true error"),))

    monkeypatch.setattr("support_policy.starter.load", interrupted)
    with pytest.raises(PolicyError, match="the true error"):
        write(tmp_path / "new", answers(), today=TODAY)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["somebody-elses"]


def test_a_disk_that_is_full_at_the_last_file_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("support_policy.starter.secrets.token_urlsafe", full)
    with pytest.raises(SettingsError, match="No space left"):
        write(tmp_path / "new", answers(), today=TODAY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("holidays", ["", "CA", "CA-QC", "US-NY"])
def test_holidays_may_be_none_those_of_a_country_or_of_a_region(
    tmp_path: Path, holidays: str
) -> None:
    write(tmp_path, answers(holidays=holidays), today=TODAY)
    schedule = load(tmp_path / POLICY).schedule
    assert schedule.is_open(at("2026-12-25T10:00+01:00")) is (holidays == "")


def test_a_company_that_never_closes_can_say_so(tmp_path: Path) -> None:
    write(tmp_path, answers(hours=("mon-sun 00:00-24:00",), holidays=""), today=TODAY)
    assert load(tmp_path / POLICY).schedule.is_open(at("2026-11-29T03:00+01:00"))


def test_a_desk_that_shares_a_secret_gets_one_and_must_be_told_its_address(tmp_path: Path) -> None:
    written = write(tmp_path, answers(desk="osticket"), today=TODAY)
    assert {path.name for path in written} == {SETTINGS, POLICY, SIGNING}
    assert (tmp_path / SIGNING).stat().st_mode & 0o077 == 0
    assert key_of((tmp_path / SIGNING).read_text().strip()) is not None
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / SETTINGS)
    assert [problem.where for problem in caught.value.problems] == ["desks.osticket.url"]
    text = (tmp_path / SETTINGS).read_text().replace("YOUR-OSTICKET", "support.example.com")
    (tmp_path / SETTINGS).write_text(text)
    assert [desk.mode for desk in load_settings(tmp_path / SETTINGS).desks] == [Mode.OBSERVE]
