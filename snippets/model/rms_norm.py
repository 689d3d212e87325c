"""Root mean square normalization: every token's vector is turned to the same loudness.

Source: Zhang and Sennrich (2019), equation 4, https://arxiv.org/abs/1910.07467
"""

import torch
from torch import Tensor, nn


class RMSNorm(nn.Module):
    """Scale each token's vector to a mean square of 1, then each coordinate by a learned gain."""

    def __init__(self, size: int, eps: float = 1e-5):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x: Tensor) -> Tensor:
        """Normalize x `(..., C)`, in its own dtype; squares are added up in 32 bits at least."""
        wide = x.to(torch.promote_types(x.dtype, torch.float32))  # (..., C)
        loudness = (wide.square().mean(-1, keepdim=True) + self.eps).sqrt()  # (..., 1)
        return (wide / loudness).to(x.dtype) * self.weight


if __name__ == "__main__":
    norm = RMSNorm(4)
    quiet = torch.tensor([0.1, 0.1, 0.1, -0.7])
    loud = 1000 * quiet
    with torch.no_grad():
        exact = [norm(x).tolist() for x in (quiet, loud)]
    normed = [[round(number, 3) for number in numbers] for numbers in exact]
    for name, numbers in zip(("quiet", "loud"), normed, strict=True):
        print(f"{name:>5}, normed: {numbers}")
    before = round(-quiet[3].item() / quiet[0].item(), 3)
    after = round(-exact[0][3] / exact[0][0], 3)
    print(f"the last number is {before:g} times its neighbours before, {after:g} after")
