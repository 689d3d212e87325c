"""What fits into a telephone: bytes of the weights against the memory there is.

Source: Liu et al. (2024), section 1 (what one app may take), https://arxiv.org/abs/2402.14905
"""

from snippets.compression.facts_distilled import APP_SHARE, PHONES, POCKET_MODELS


def weights_in_gb(parameters: float, bits: float) -> float:
    """Say how many gigabytes (10^9 bytes) weights take, each at so many bits, scales included.

    Raises:
        ValueError: If there are no parameters or no bits.
    """
    if parameters <= 0 or bits <= 0:
        raise ValueError(f"wanted numbers above 0, got {parameters} parameters, {bits} bits")
    return parameters * bits / 8 / 1e9


def largest_model(gigabytes: float, bits: float) -> float:
    """Say how many parameters fit into so much memory, if nothing else is in it.

    Raises:
        ValueError: If there is no memory or there are no bits.
    """
    if gigabytes <= 0 or bits <= 0:
        raise ValueError(f"wanted numbers above 0, got {gigabytes} GB, {bits} bits")
    return gigabytes * 1e9 * 8 / bits


if __name__ == "__main__":
    WHOLE, FOUR = 16, 4.5  # 4 bits and a 16-bit scale for every 32 weights
    sizes = [
        {
            "model": model.name,
            "whole": round(weights_in_gb(model.parameters, WHOLE), 2),
            "four": round(weights_in_gb(model.parameters, FOUR), 2),
        }
        for model in POCKET_MODELS
    ]
    for row in sizes:
        print(f"{row['model']}: {row['whole']:5.2f} GB at 16 bits, {row['four']:.2f} GB at {FOUR}")
    allowed = [
        {
            "phone": phone.name,
            "memory": phone.gigabytes,
            "app": round(APP_SHARE * phone.gigabytes, 1),
            "billions": round(largest_model(APP_SHARE * phone.gigabytes, FOUR) / 1e9, 1),
        }
        for phone in PHONES
    ]
    for row in allowed:
        print(
            f"{row['phone']}: {row['app']} GB of {row['memory']}, {row['billions']} billion weights"
        )
    shrinks = round(sizes[-1]["whole"] / sizes[0]["four"], 0)
    by_size, by_bits = (
        round(POCKET_MODELS[-1].parameters / POCKET_MODELS[0].parameters, 1),
        WHOLE / FOUR,
    )
    print(f"8B at 16 bits to 1B at {FOUR}: {by_size} x {by_bits:.2f} = {shrinks:.0f} times smaller")
