"""Large in two ways: how many parameters a model has, and how many one token passes through.

Source: Shazeer et al. (2017), https://arxiv.org/abs/1701.06538 (mixture of experts)
"""

from snippets.basics.facts_mixtures import KNOWN_MIXTURES, MixtureSize


def count_mixture(c: MixtureSize) -> tuple[int, int]:
    """Count all parameters, and those that one token uses. Norms and biases are left out.

    The table that turns a token into a vector is looked up, not multiplied: it counts as owned
    only. The one that compares the result with all tokens counts as both.

    Raises:
        ValueError: If a token would use more experts than there are.
    """
    if not 1 <= c.experts_used <= c.experts:
        raise ValueError(f"wanted 1 to {c.experts} experts used, got {c.experts_used}")
    expert, dense = (3 * c.d_model * width for width in (c.d_expert, c.d_dense))
    router, table = c.d_model * c.experts, c.vocab_size * c.d_model
    mixed = c.n_layers - c.dense_layers
    always = c.n_layers * c.attention + c.dense_layers * dense + mixed * router + table
    return always + table + mixed * c.experts * expert, always + mixed * c.experts_used * expert


if __name__ == "__main__":
    rows = []
    for known in KNOWN_MIXTURES:
        total, active = count_mixture(known)
        rows.append(
            {
                "model": known.name,
                "experts": f"{known.experts_used} of {known.experts}",
                "total": total / 1e9,
                "active": active / 1e9,
                "share": active / total,
            }
        )
        told = f"told {known.total_told / 1e9:.1f} and {known.active_told / 1e9:.1f}"
        print(f"{known.name:>12}: {total / 1e9:.1f} bn, {active / 1e9:.1f} used ({told})")
