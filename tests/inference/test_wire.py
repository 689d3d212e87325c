import time

import pytest
import torch
from torch.distributed import FileStore

from snippets.inference.ranks import run_ranks
from snippets.inference.ring_all_reduce import ring_bytes
from snippets.inference.wire import roll_call, written_bytes


def talk(wire):
    """Use every kind of exchange; each rank tells what it got and what was written down."""
    x = torch.arange(5.0) + 10 * wire.rank
    total = wire.all_reduce(x.clone())
    spread = wire.broadcast(x.clone(), 2)
    if wire.rank == 0:
        wire.send(x[::2], 1)  # not contiguous
    got = wire.receive(torch.empty(3), 0) if wire.rank == 1 else None
    said = [total.tolist(), spread.tolist(), None if got is None else got.tolist()]
    kinds = ("all_reduce", "broadcast", "send", "receive")
    return wire.gather([*said, {kind: wire.carried(kind) for kind in kinds}, len(wire.log)])


def test_every_exchange_delivers_and_is_written_down():
    rows = run_ranks(talk, 3)
    bytes_of = {"all_reduce": 20, "broadcast": 20, "send": 0, "receive": 0}
    for rank, (total, spread, got, carried, number) in enumerate(rows):
        assert total == [30.0, 33.0, 36.0, 39.0, 42.0]
        assert spread == [20.0, 21.0, 22.0, 23.0, 24.0]
        assert got == ([0.0, 2.0, 4.0] if rank == 1 else None)
        assert carried == bytes_of | {"send": 12 * (rank == 0), "receive": 12 * (rank == 1)}
        assert number == 2 + (rank < 2)


def lose_two_of_five(wire):
    """Ranks 1 and 3 leave without a word; nobody is neighbour of all who stay."""
    wire.all_reduce(torch.ones(7))  # all have met
    if wire.rank in (1, 3):
        time.sleep(0.3)
        raise KeyError("gone")
    wire.all_reduce(torch.ones(7))


def test_everybody_who_stays_names_all_who_are_lost():
    start = time.monotonic()
    with pytest.raises(RuntimeError) as caught:
        run_ranks(lose_two_of_five, 5, wait=5.0)
    assert time.monotonic() - start < 30
    lines = str(caught.value).splitlines()
    assert [line for line in lines if "KeyError" in line] == [
        "rank 1: KeyError: 'gone'",
        "rank 3: KeyError: 'gone'",
    ]
    for rank in (0, 2, 4):
        assert any(line.startswith(f"rank {rank}: RankLost: rank 1, 3 of 5") for line in lines)


def sums_of_two_sizes(wire):
    """Tell what Linux counts for a small and a large sum."""
    counts = []
    for size in (576, 57_600):
        before, x = written_bytes(), torch.ones(size)
        wire.all_reduce(x)
        after = written_bytes()
        counts.append(-1 if before is None or after is None else after - before)
    return wire.gather(counts)


def test_roll_call_names_who_does_not_answer(tmp_path):
    board = FileStore(str(tmp_path / "board"), 5)
    for rank in (0, 3):
        board.set(f"here {rank}", "yes")
    assert roll_call(board, 1, 5) == [2, 4]


def test_gloo_adds_up_in_a_ring_and_labels_cost_the_same_for_any_size():
    for small, large in run_ranks(sums_of_two_sizes, 3):
        if small < 0:
            pytest.skip("this system does not tell")
        assert large - small == ring_bytes(3, 4 * (57_600 - 576))
        assert 0 < small - ring_bytes(3, 4 * 576) < 5000


def test_linux_counts_what_is_written(tmp_path):
    before = written_bytes()
    if before is None:
        pytest.skip("this system does not tell")
    with open(tmp_path / "file", "wb", buffering=0) as file:
        file.write(b"x" * 12_347)
    after = written_bytes()
    assert after is not None
    assert after - before == 12_347
