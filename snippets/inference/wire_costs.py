"""What talk costs on which wire: Llama-3-70B on four cards, by formula.

Source: Carol Chen (kipply), "Transformer Inference Arithmetic", 30 March 2022, section "model
parallelism", https://kipp.ly/transformer-inference-arithmetic/
"""

from snippets.inference.capacity import plan
from snippets.inference.capacity_parts import SYNC_SECONDS, talk_time
from snippets.inference.facts_capacity import CARD_LINKS
from snippets.inference.facts_models import LLAMA_3_70B

ETHERNET = 100e9 / 8  # byte/s: what "100 gigabit" says, before anything is lost
NVLINK = next(way.link for way in CARD_LINKS if way.name == "H100 SXM")


def talk_ms(cut: str, tokens: int, link: float, cards: int = 4) -> float:
    """Estimate milliseconds of talk for so many tokens at once, in 16 bits.

    Args:
        cut: "tensor" (two all-reduces in each layer) or "pipeline" (a vector over each border).
        tokens: In flight together.
        link: Byte/s out of a card.
        cards: How many.

    Raises:
        ValueError: If the cut is another one.
    """
    if cut not in ("tensor", "pipeline"):
        raise ValueError(f"wanted tensor or pipeline, got {cut!r}")
    width = LLAMA_3_70B.d_model
    if cut == "tensor":
        return 1e3 * talk_time(LLAMA_3_70B.n_layers, width, tokens, cards, link)
    return 1e3 * (cards - 1) * max(SYNC_SECONDS, 2 * tokens * width / link)


if __name__ == "__main__":
    one = plan("Llama-3-70B", "H100 SXM", 4, context=8192, batch=16)
    work = {16: 1e3 * (one.decode_seconds - one.talk_seconds)}
    read = one.prefill_seconds - talk_ms("tensor", 8192, NVLINK) / 1e3
    work[8192] = 1e3 * read
    nvlink_gb, ethernet_gb = NVLINK / 1e9, ETHERNET / 1e9
    rows = []
    for what, tokens in (("a token for each of 16", 16), ("a prompt of 8,192", 8192)):
        for name, link in (("NVLink", NVLINK), ("100-gigabit Ethernet", ETHERNET)):
            row = {"what": what, "wire": name, "work": round(work[tokens], 1)}
            row |= {cut: round(talk_ms(cut, tokens, link), 2) for cut in ("tensor", "pipeline")}
            rows.append(row)
            print(f"{what:22} {name:20} work {row['work']:6} ms", end="")
            print(f", talk: tensor {row['tensor']:7} ms, pipeline {row['pipeline']:6} ms")
