"""Add up what several ranks have so that all get the sum, and nobody has to carry much.

Source: Patarasuk and Yuan (2009), "Bandwidth optimal all-reduce algorithms for clusters of
workstations", Journal of Parallel and Distributed Computing 69, https://doi.org/10.1016/j.jpdc.2008.09.002
"""

from torch import Tensor, tensor


def ring_all_reduce(parts: list[Tensor]) -> tuple[list[Tensor], list[int], list[list[Tensor]]]:
    """Pass chunks round a ring: N - 1 times to add up, N - 1 times to hand out the sums.

    Args:
        parts: One `(n,)` for each of N ranks; N must divide n.

    Returns:
        What each rank has in the end; how many numbers each has sent; all after each step.

    Raises:
        ValueError: If the parts differ in length or cannot be cut into N chunks.
    """
    ranks, lengths = len(parts), sorted({len(part) for part in parts})
    if len(lengths) != 1 or lengths[0] % ranks:
        raise ValueError(f"wanted {ranks} parts of one length that {ranks} divides, got {lengths}")
    held = [list(part.clone().chunk(ranks)) for part in parts]  # [rank][chunk]
    sent, steps = [0] * ranks, []
    for step in range(2 * (ranks - 1)):
        hands_out = step >= ranks - 1
        on_the_way = []
        for rank in range(ranks):  # all send at the same moment
            chunk = (rank - step + hands_out * ranks) % ranks
            on_the_way.append((chunk, held[rank][chunk].clone()))
            sent[rank] += len(held[rank][chunk])
        for rank, (chunk, news) in enumerate(on_the_way):
            reader = (rank + 1) % ranks
            held[reader][chunk] = news if hands_out else held[reader][chunk] + news
        steps.append([_join(chunks) for chunks in held])
    return [_join(chunks) for chunks in held], sent, steps


def ring_bytes(ranks: int, size: int) -> float:
    """Say what each of N ranks sends to all-reduce `size` bytes: 2 (N - 1) / N times as many.

    Raises:
        ValueError: If there is no rank, or less than nothing to add up.
    """
    if ranks < 1 or size < 0:
        raise ValueError(f"wanted ranks >= 1 and size >= 0, got {ranks} and {size}")
    return 2 * (ranks - 1) * size / ranks


def _join(chunks: list[Tensor]) -> Tensor:
    return chunks[0].new_tensor([number for chunk in chunks for number in chunk.tolist()])


if __name__ == "__main__":
    cooks = [tensor([1, 2, 3]), tensor([10, 20, 30]), tensor([100, 200, 300])]
    totals, sent, steps = ring_all_reduce(cooks)
    print(f"{'at first':8}", *[f"{str(part.tolist()):>16}" for part in cooks])
    for number, held in enumerate(steps, 1):
        print(f"step {number}  ", *[f"{str(part.tolist()):>16}" for part in held])
    numbers_each = sent[0]
    grows = {n: round(ring_bytes(n, 1), 3) for n in (2, 3, 8, 1000)}
    print(f"each has sent {numbers_each} numbers for a sum of {len(cooks[0])}")
    print(f"by formula, for each number of the sum: {grows}")
