"""Multiplications and additions in a matrix product: the exact number and the handy one."""


def matmul_flops(m: int, n: int, p: int = 1) -> int:
    """Estimate the FLOPs of (m, n) @ (n, p) the usual way: 2mnp. A vector is p = 1."""
    return 2 * m * n * p


def exact_matmul_flops(m: int, n: int, p: int = 1) -> int:
    """Count exactly: each of the m x p results is n products joined by n - 1 additions."""
    return m * p * (2 * n - 1)


def matmul_by_hand(
    a: list[list[float]], b: list[list[float]]
) -> tuple[list[list[float]], dict[str, int]]:
    """Multiply two matrices in plain Python and tick off every operation.

    Raises:
        ValueError: If a's rows are not as long as b is high.
    """
    if any(len(row) != len(b) for row in a):
        raise ValueError(f"rows of a must hold {len(b)} numbers, as b has {len(b)} rows")
    ticks = {"multiplications": 0, "additions": 0}
    product = []
    for row in a:
        product.append([])
        for column in zip(*b, strict=True):
            terms = [x * y for x, y in zip(row, column, strict=True)]
            total = terms[0]
            for term in terms[1:]:
                total += term
                ticks["additions"] += 1
            ticks["multiplications"] += len(terms)
            product[-1].append(total)
    return product, ticks


if __name__ == "__main__":
    product, ticks = matmul_by_hand([[1, 2, 3], [4, 5, 6]], [[1], [10], [100]])
    print(product, ticks)
    small = {"counted": sum(ticks.values()), "handy": matmul_flops(2, 3)}
    handy, exact = matmul_flops(8192, 8192), exact_matmul_flops(8192, 8192)
    excess_percent = 100 * (handy / exact - 1)
    print(f"8192 x 8192 times a vector: 2mn = {handy:,}, exactly {exact:,}")
    print(f"2mn is {excess_percent:.4f} % too high")
