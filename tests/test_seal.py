"""The keys in their folder, and what their signatures prove."""

from __future__ import annotations

import base64
import hmac
import json
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from jose import jws

from support_policy.errors import SecretError
from support_policy.seal import KEYS_FILE, LINK_FILE, Keys, PublicKeys, SealError, check, thumbprint

PAYLOAD = b'{"at":"2026"}'
FIRST_USE = """
import sys
from pathlib import Path
from support_policy.seal import Keys
keys = Keys(Path(sys.argv[1]))
sys.stdin.readline()
print(keys.sign(b"x").partition("..")[0], keys.link_secret().hex())
"""


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def test_what_was_signed_is_proved_by_the_public_key(keys: Keys) -> None:
    kid = check(PAYLOAD, keys.sign(PAYLOAD), keys.public())
    assert kid == keys.public()["keys"][0]["kid"]


def test_any_library_for_jws_can_check_a_signature(keys: Keys) -> None:
    protected, _, signature = keys.sign(PAYLOAD).partition("..")
    whole = f"{protected}.{encoded(PAYLOAD)}.{signature}"
    assert jws.verify(whole, keys.public()["keys"][0], ["ES256"]) == PAYLOAD
    assert jws.get_unverified_header(whole) == {
        "alg": "ES256",
        "kid": keys.public()["keys"][0]["kid"],
    }


def test_a_public_key_is_named_by_its_thumbprint_and_shows_nothing_private(keys: Keys) -> None:
    (key,) = keys.public()["keys"]
    assert set(key) == {"alg", "crv", "kid", "kty", "use", "x", "y"}
    spelled = f'{{"crv":"P-256","kty":"EC","x":"{key["x"]}","y":"{key["y"]}"}}'
    assert key["kid"] == thumbprint(key) == encoded(sha256(spelled.encode()).digest())


def test_a_thumbprint_is_the_one_that_others_work_out() -> None:
    # The key of RFC 7517, appendix A.1; its thumbprint worked out with another library.
    key = {
        "kty": "EC",
        "crv": "P-256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    }
    assert thumbprint(key) == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"


def test_keys_and_secret_stay_the_same(keys: Keys) -> None:
    again = Keys(keys.folder)
    assert keys.public() == again.public()
    assert keys.link_secret() == again.link_secret()
    assert len(keys.link_secret()) == 32


def test_files_and_folder_are_for_their_owner_alone(keys: Keys) -> None:
    keys.sign(b"")
    keys.link_secret()
    keys.rotate()
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700
    files = {each.name: stat.S_IMODE(each.stat().st_mode) for each in keys.folder.iterdir()}
    assert files == {KEYS_FILE: 0o600, LINK_FILE: 0o600}


def test_processes_that_need_the_keys_first_at_once_have_the_same(tmp_path: Path) -> None:
    for count in range(5):
        folder = tmp_path / str(count)
        running = [
            subprocess.Popen(
                [sys.executable, "-c", FIRST_USE, folder],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        for process in running:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        said = {process.communicate(timeout=60)[0] for process in running}
        assert len(said) == 1
        assert {each.name for each in folder.iterdir()} == {KEYS_FILE, LINK_FILE}


def test_a_new_key_signs_and_the_old_one_still_proves(keys: Keys) -> None:
    old = keys.sign(PAYLOAD)
    before = keys.public()["keys"][0]["kid"]
    kid = keys.rotate()
    new = keys.sign(PAYLOAD)
    assert check(PAYLOAD, new, keys.public()) == kid
    assert check(PAYLOAD, old, keys.public()) == before
    assert [each["kid"] for each in keys.public()["keys"]] == [kid, before]


def test_the_private_half_of_an_old_key_is_gone(keys: Keys) -> None:
    keys.rotate()
    keys.rotate()
    kept = json.loads((keys.folder / KEYS_FILE).read_bytes())["keys"]
    assert ["d" in each for each in kept] == [True, False, False]


def test_keys_that_are_changed_at_once_are_all_kept(keys: Keys) -> None:
    keys.sign(b"")
    script = "import sys; from pathlib import Path; from support_policy.seal import Keys; "
    script += "print(Keys(Path(sys.argv[1])).rotate())"
    running = [
        subprocess.Popen([sys.executable, "-c", script, keys.folder], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    made = {process.communicate(timeout=60)[0].decode().strip() for process in running}
    assert len(made) == 4
    assert made <= {each["kid"] for each in keys.public()["keys"]}
    assert len(keys.public()["keys"]) == 5


@pytest.mark.parametrize("lost", [KEYS_FILE, LINK_FILE, "folder"])
def test_what_is_lost_is_told_of_and_never_made_anew(tmp_path: Path, lost: str) -> None:
    folder = tmp_path / "keys"
    Keys(folder).make()
    keys = Keys(folder, may_make=False)
    assert keys.public()
    assert keys.link_secret()
    if lost == "folder":
        folder.rename(tmp_path / "unmounted")
    else:
        (folder / lost).unlink()
    left = sorted(tmp_path.rglob("*"))
    if lost != LINK_FILE:
        for use_of_keys in (keys.public, keys.rotate, lambda: keys.sign(PAYLOAD)):
            with pytest.raises(SecretError, match=f"{KEYS_FILE} is missing"):
                use_of_keys()
    if lost != KEYS_FILE:
        with pytest.raises(SecretError, match=f"{LINK_FILE} is missing"):
            keys.link_secret()
    assert sorted(tmp_path.rglob("*")) == left


def test_what_is_missing_is_made_on_demand_and_what_is_there_stays(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys", may_make=False)
    keys.make()
    public, secret = keys.public(), keys.link_secret()
    (keys.folder / LINK_FILE).unlink()
    keys.make()
    assert keys.public() == public
    assert keys.link_secret() != secret


@pytest.mark.parametrize("name", [KEYS_FILE, LINK_FILE])
def test_a_file_that_others_can_read_is_refused(keys: Keys, name: str) -> None:
    keys.sign(b"")
    keys.link_secret()
    (keys.folder / name).chmod(0o640)
    with pytest.raises(SecretError, match=f"{name} can be read by others: set its mode to 600"):
        use(keys, name)


def test_a_folder_that_others_can_read_is_refused(keys: Keys) -> None:
    keys.folder.mkdir(mode=0o755)
    with pytest.raises(SecretError, match="keys can be read by others: set its mode to 700"):
        keys.sign(b"")
    assert list(keys.folder.iterdir()) == []


@pytest.mark.parametrize("name", [KEYS_FILE, LINK_FILE])
@pytest.mark.parametrize("content", [b"", b"{}", b'{"keys":[]}', b"\xff", b"[" * 10_000])
def test_a_damaged_file_is_told_of_and_stays(keys: Keys, name: str, content: bytes) -> None:
    keys.sign(b"")
    keys.link_secret()
    (keys.folder / name).write_bytes(content)
    with pytest.raises(SecretError, match=f"{name} is damaged"):
        use(keys, name)
    assert (keys.folder / name).read_bytes() == content


def test_halves_of_a_key_that_do_not_belong_together_are_damage(keys: Keys) -> None:
    keys.sign(b"")
    keys.rotate()
    kept = json.loads((keys.folder / KEYS_FILE).read_bytes())["keys"]
    kept[1]["d"] = kept[0]["d"]
    (keys.folder / KEYS_FILE).write_text(json.dumps({"keys": [kept[1]]}))
    with pytest.raises(SecretError, match="damaged"):
        keys.sign(b"")


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SecretError, match=KEYS_FILE):
        Keys(tmp_path / "file" / "keys").sign(b"")


def use(keys: Keys, name: str) -> None:
    keys.link_secret() if name == LINK_FILE else keys.rotate()


def test_no_changed_byte_of_a_signature_passes(keys: Keys) -> None:
    signature, known = keys.sign(PAYLOAD), PublicKeys.of(keys.public())
    assert known.check(PAYLOAD, signature)
    for place in range(len(signature)):
        for other in (1, 2, 4, 0x20):
            changed = chr(ord(signature[place]) ^ other)
            with pytest.raises(SealError):
                known.check(PAYLOAD, signature[:place] + changed + signature[place + 1 :])


def test_spare_bits_of_the_spelling_cannot_be_used(keys: Keys) -> None:
    signature = keys.sign(PAYLOAD)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same = alphabet[alphabet.index(signature[-1]) ^ 1]
    respelled = signature[:-1] + same
    tail = signature.partition("..")[2] + "=="
    assert base64.urlsafe_b64decode(respelled.partition("..")[2] + "==") == (
        base64.urlsafe_b64decode(tail)
    )
    for spelled in (respelled, signature + "=", signature + "\n", " " + signature):
        with pytest.raises(SealError, match="spelled"):
            check(PAYLOAD, spelled, keys.public())


def test_another_payload_or_another_key_does_not_fit(keys: Keys, tmp_path: Path) -> None:
    signature = keys.sign(PAYLOAD)
    with pytest.raises(SealError, match="does not fit"):
        check(PAYLOAD + b" ", signature, keys.public())
    with pytest.raises(SealError, match="not among the known"):
        check(PAYLOAD, signature, Keys(tmp_path / "others").public())


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES384", "RS256"])
def test_no_other_algorithm_is_ever_taken(keys: Keys, algorithm: str) -> None:
    (key,) = keys.public()["keys"]
    header = {"alg": algorithm, "kid": key["kid"]}
    protected = encoded(json.dumps(header, separators=(",", ":")).encode())
    secret = json.dumps(key).encode()
    mac = hmac.digest(secret, f"{protected}.{encoded(PAYLOAD)}".encode(), "sha256")
    for signature in (mac, mac * 2):
        with pytest.raises(SealError, match="not one for ES256"):
            check(PAYLOAD, f"{protected}..{encoded(signature)}", keys.public())


@pytest.mark.parametrize(
    "changed",
    [
        {"alg": "HS256"},
        {"kty": "oct"},
        {"crv": "P-384"},
        {"kid": "mine"},
        {"use": "enc"},
        {"x": "AAAA"},
        {"x": None},
        {"d": "AAAA"},
    ],
)
def test_a_set_with_another_kind_of_key_is_refused(keys: Keys, changed: dict[str, str]) -> None:
    (key,) = keys.public()["keys"]
    with pytest.raises(SealError, match="no public keys"):
        PublicKeys.of({"keys": [key | changed]})


def test_a_private_key_is_not_taken_for_a_public_one(keys: Keys) -> None:
    keys.sign(b"")
    with pytest.raises(SealError, match="no public keys"):
        PublicKeys.of(json.loads((keys.folder / KEYS_FILE).read_bytes()))


@pytest.mark.parametrize("jwks", [None, [], {}, {"keys": 1}, {"keys": [1]}, "keys"])
def test_what_is_no_set_of_keys_is_refused(jwks: object) -> None:
    with pytest.raises(SealError, match="no public keys"):
        PublicKeys.of(jwks)
