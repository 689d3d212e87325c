import errno
import multiprocessing
import os

import pytest

from sitebuild.cache import KEPT, Cache, Memo, device_kind, key_of

RESULT = {"stdout": "3\n", "values": {"x": 3}, "seconds": 1.5}


def test_a_kept_result_is_found_by_another_process(tmp_path):
    Cache(tmp_path / "new" / "folder").put("part.a", "k" * 64, RESULT)
    assert Cache(tmp_path / "new" / "folder").get("part.a", "k" * 64) == RESULT


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"x": 3', '"x": 4'),
        lambda text: "\udcff\udcfe",
    ],
)
def test_a_damaged_entry_counts_as_missing(tmp_path, damage):
    Cache(tmp_path).put("part.a", "k" * 64, RESULT)
    path = next(tmp_path.glob("part.a-*.json"))
    path.write_text(damage(path.read_text()), "utf-8", errors="surrogateescape")
    assert Cache(tmp_path).get("part.a", "k" * 64) is None


def test_a_folder_that_cannot_be_made_costs_a_sentence_only(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "cache")
    with pytest.warns(
        UserWarning, match=r"The result of part.a could not be kept in .*Not a directory"
    ):
        cache.put("part.a", "k" * 64, RESULT)
    assert cache.get("part.a", "k" * 64) == RESULT, "this build still has it"


def test_a_full_disk_leaves_no_half_entry(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.warns(UserWarning, match="No space left"):
        Cache(tmp_path).put("part.a", "k" * 64, RESULT)
    assert list(tmp_path.iterdir()) == []


def test_only_the_newest_entries_of_a_name_are_kept(tmp_path):
    cache = Cache(tmp_path)
    for number in range(KEPT + 3):
        cache.put("part.a", f"{number:064}"[::-1], RESULT)
    assert len(list(tmp_path.glob("part.a-*.json"))) == KEPT


def test_seconds_come_from_the_newest_entry(tmp_path):
    cache = Cache(tmp_path)
    assert cache.seconds("part.a") == 1e9, "unknown ones are started first"
    cache.put("part.a", "k" * 64, RESULT)
    assert Cache(tmp_path).seconds("part.a") == 1.5


def test_a_memo_makes_a_text_once_forgets_what_is_unused_and_survives_damage(tmp_path):
    path = tmp_path / "memo.json"
    made = []
    for given in (["a", "b", "a"], ["b"], ["b", "a"]):
        memo = Memo(path)
        for text in given:
            assert memo.get(text, lambda t=text: made.append(t) or t.upper()) == text.upper()
        memo.save()
    assert made == ["a", "b", "a"]
    path.write_text("broken")
    assert Memo(path).get("b", lambda: "fresh") == "fresh"


@pytest.mark.parametrize("change", ["text", "needs"])
def test_the_key_changes_with_all_that_could_change_the_result(change):
    given = {"text": "print(1)", "needs": {"torch": "1"}}
    other = given | {change: "print(2)" if change == "text" else {"torch": "2"}}
    assert key_of(**given) == key_of(**given)
    assert key_of(**given) != key_of(**other)


def test_the_key_changes_with_the_device(monkeypatch):
    before = key_of("", {})
    monkeypatch.setattr("sitebuild.cache.device_kind", lambda: "another")
    assert key_of("", {}) != before
    assert device_kind() in ("cpu", "cuda", "mps")


def _hammer(folder, seed):
    for turn in range(40):
        Cache(folder).put("part.a", "k" * 64, RESULT | {"big": str(seed) * 10_000, "turn": turn})


def test_two_builds_at_once_never_leave_a_mixture(tmp_path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_hammer, args=(tmp_path, seed)) for seed in (1, 2)]
    for writer in writers:
        writer.start()
    seen = 0
    while any(writer.is_alive() for writer in writers):
        result = Cache(tmp_path).get("part.a", "k" * 64)
        if result:
            seen += 1
            assert len(set(result["big"])) == 1
    assert seen
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert not list(tmp_path.glob("*.part"))
