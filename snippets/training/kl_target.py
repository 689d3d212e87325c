"""What reward minus KL is aiming at, exactly: four answers, and no dice.

Sources: Rafailov et al. (2023), equation 4 and appendix A.1, https://arxiv.org/abs/2305.18290 (the
best policy); OpenAI (2 May 2025), https://openai.com/index/expanding-on-sycophancy/ (what approval
as a reward did)
"""

import torch
from torch import Tensor

ANSWERS = ("true and dry", "true and kind", "flattering", "flattering and false")
START = (0.45, 0.40, 0.10, 0.05)  # how often the reference gives each
THUMBS_UP = (0.5, 0.7, 0.8, 0.9)  # how often users approve of each: invented for this example
TRUE = (1.0, 1.0, 0.5, 0.0)


def best_policy(reference: Tensor, rewards: Tensor, beta: float) -> Tensor:
    r"""Give the policy that makes reward - beta KL(policy, reference) largest.

    $\pi(y) \propto \pi_\text{ref}(y) \, e^{r(y) / \beta}$.

    Args:
        reference: `(N,)`, probabilities that add up to 1.
        rewards: `(N,)`.
        beta: The price of one nat; above 0.

    Raises:
        ValueError: If beta is not above 0.
    """
    if not beta > 0:
        raise ValueError(f"wanted a beta above 0, got {beta}")
    return (reference.log() + rewards / beta).softmax(0)


def climb(reference: Tensor, rewards: Tensor, beta: float, steps: int = 400) -> Tensor:
    """Find the same policy by following the slope, from the reference uphill; `(N,)`."""
    logits = reference.log().clone().requires_grad_()
    optimizer = torch.optim.Adam([logits], 0.1)
    for _ in range(steps):
        policy = logits.softmax(0)
        kl = (policy * (policy.log() - reference.log())).sum()
        loss = beta * kl - (policy * rewards).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return logits.detach().softmax(0)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    reference, thumbs, truth = (torch.tensor(row).double() for row in (START, THUMBS_UP, TRUE))
    rows, betas = [], (1.0, 0.3, 0.1, 0.03)
    for beta in betas:
        exact = best_policy(reference, thumbs, beta)
        gap = (climb(reference, thumbs, beta) - exact).abs().max().item()
        row = {"beta": beta, "approval": round((exact @ thumbs).item(), 2)}
        row |= {"truth": round((exact @ truth).item(), 2), "met": gap < 0.005}
        rows.append(row)
        print(
            "beta {beta}: approval {approval}, truth {truth}; the climb arrives: {met}".format(
                **row
            )
        )
    start = {
        "approval": round((reference @ thumbs).item(), 2),
        "truth": round((reference @ truth).item(), 2),
    }
    print("the reference itself: approval {approval}, truth {truth}".format(**start))

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    along = torch.logspace(0.5, -2, 60).double()
    policies = torch.stack([best_policy(reference, thumbs, beta.item()) for beta in along])
    for number, name in enumerate(ANSWERS):
        ax.plot(along, policies[:, number], label=name)
    ax.set(title="What approval minus KL is aiming at", xscale="log", ylim=(0, 1))
    ax.set(xlabel="beta, the price of leaving the reference", ylabel="probability")
    ax.set_xticks(betas, [f"{beta:g}" for beta in betas])
    ax.minorticks_off()
    ax.invert_xaxis()
    ax.legend()
    plt.show()
