"""The blocks of GGUF files on a whole model, among them the ones that the model came in.

Source: ggml-common.h, https://github.com/ggml-org/ggml (the blocks); the verdicts are our own
"""

from torch import Tensor

from snippets.compression.gguf_blocks import BLOCK_LAYOUTS
from snippets.compression.own_grid import gguf_round_trip
from snippets.compression.squeezed import Rounding, kept_verdicts, tell_verdicts

MAKES = True
BLOCK_FORMATS = ("Q4_0", "Q4_1", "Q8_0")


def gguf_ways() -> dict[str, Rounding]:
    """Give every block format as a way of rounding: there and back."""

    def way(kind: str) -> Rounding:
        return lambda weight, _, __: gguf_round_trip(weight, kind)

    return {kind: way(kind) for kind in BLOCK_FORMATS}


def gguf_verdicts() -> dict[str, Tensor]:
    """Judge every format (once; then it is kept), as `squeezed.judge_ways` does."""
    return kept_verdicts("gguf", gguf_ways)


if __name__ == "__main__":
    bits = {kind: 8 * BLOCK_LAYOUTS[kind].itemsize / 32 for kind in BLOCK_FORMATS}
    rows = tell_verdicts(gguf_verdicts(), bits)
