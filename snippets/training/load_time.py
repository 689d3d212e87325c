"""What loading a large model for every chat would cost, and what chats really wait for.

Sources: Kwon et al. (2023), sections 2 and 3, https://arxiv.org/abs/2309.06180 (weights stay,
caches come and go); the two clocks are inference/roofline.py
"""

from snippets.inference.facts_devices import H100_SXM
from snippets.inference.roofline import forward_time
from snippets.training.facts_training_costs import BYTE_ROADS


def seconds_to_load(n_bytes: float, bandwidth: float) -> float:
    """Divide bytes by bytes per second.

    Raises:
        ValueError: If either is not above 0.
    """
    if not (n_bytes > 0 and bandwidth > 0):
        raise ValueError(f"wanted bytes and rate above 0, got {n_bytes}, {bandwidth}")
    return n_bytes / bandwidth


def seconds_to_answer(
    parameters: float, prompt: int, answer: int, flops: float, bandwidth: float
) -> dict[str, float]:
    """Estimate at best what one user waits for: first word, each further one, all.

    Args:
        parameters: Weights that each token meets, 2 bytes each.
        prompt: Tokens to read, in one pass.
        answer: Tokens to write, one pass each.
        flops: Peak FLOP/s of all cards together.
        bandwidth: Byte/s of all cards together.
    """
    first = forward_time(parameters, prompt, flops, bandwidth)
    each = forward_time(parameters, 1, flops, bandwidth)
    return {"first": first, "each": each, "all": first + each * (answer - 1)}


if __name__ == "__main__":
    parameters, users, cards = 175e9, 256, 8
    weights = 2 * parameters  # bytes
    roads = [{"road": r.name, "rate": r.bandwidth / 1e9, "seconds": seconds_to_load(
        weights, r.bandwidth)} for r in BYTE_ROADS]  # fmt: skip
    for row in roads:
        print(f"{weights / 1e9:.0f} GB over a {row['road']}: {row['seconds']:.1f} s")
    per_user = weights / users / 1e9
    print(f"shared by {users} users in a batch: {per_user:.1f} GB of weights each")

    rows = []
    for what, prompt, answer in (("one line", 200, 20), ("a chat", 1_000, 300),
                                 ("long reasoning", 1_000, 20_000)):  # fmt: skip
        waits = seconds_to_answer(
            parameters, prompt, answer, cards * H100_SXM.flops, cards * H100_SXM.bandwidth
        )
        rows.append({"what": what, "prompt": prompt, "answer": answer} | waits)
        print(f"{what}: first word after {waits['first'] * 1e3:.0f} ms, then one every "
              f"{waits['each'] * 1e3:.0f} ms, done in {waits['all']:.1f} s")  # fmt: skip
