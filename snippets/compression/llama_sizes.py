"""Six published files of one model, weighed with nothing but its configuration.

Sources: as in facts_llama_files.py; the parts of a GPTQ file (qweight, qzeros, scales, g_idx) as in
https://github.com/AutoGPTQ/AutoGPTQ
"""

from snippets.compression.facts_llama_files import LLAMA_13B_CONFIG, PUBLISHED_FILES, LlamaSizes
from snippets.compression.gguf_blocks import BLOCK_LAYOUTS


def llama_parts(c: LlamaSizes) -> dict[str, int]:
    """Count the weights: matrices inside the blocks, the two tables of tokens, norms."""
    matrices = c.layers * (4 * c.d_model**2 + 3 * c.d_model * c.d_ffn)
    return {
        "matrices": matrices,
        "tables": 2 * c.vocab * c.d_model,
        "norms": (2 * c.layers + 1) * c.d_model,
    }


def gptq_bytes(c: LlamaSizes, bits: int, group_size: int) -> float:
    """Weigh a GPTQ file: only matrices in blocks are packed, all else stays in 16 bits.

    Each group keeps a 16-bit step and a zero of as many bits as a label; each input of a matrix
    keeps the number of its group, in 32 bits.
    """
    parts = llama_parts(c)
    groups = parts["matrices"] / group_size
    inputs = c.layers * (
        6 * c.d_model + c.d_ffn
    )  # q k v o gate up read d_model numbers, down d_ffn
    packed = parts["matrices"] * bits / 8 + groups * (16 + bits) / 8 + 4 * inputs
    return packed + 2 * (parts["tables"] + parts["norms"])


def file_bytes(c: LlamaSizes, name: str) -> float:
    """Weigh a file by the name of its format.

    Raises:
        ValueError: If the format is not known.
    """
    total = sum(llama_parts(c).values())
    if name == "fp16":
        return 2 * total
    if name.upper() in BLOCK_LAYOUTS:
        return total * BLOCK_LAYOUTS[name.upper()].itemsize / 32
    if name.startswith("GPTQ, 4 bits, groups of "):
        return gptq_bytes(c, 4, int(name.rpartition(" ")[2]))
    raise ValueError(f"wanted fp16, q4_0 ... q8_0 or GPTQ with its groups, got {name!r}")


if __name__ == "__main__":
    total = sum(llama_parts(LLAMA_13B_CONFIG).values())
    print(f"{total:,} weights")
    rows = []
    for file in PUBLISHED_FILES:
        gigabytes = file_bytes(LLAMA_13B_CONFIG, file.name) / 1e9
        rows.append({"file": file.name, "computed": gigabytes, "published": file.gigabytes})
        print(f"{file.name:28} {gigabytes:6.3f} GB computed, {file.gigabytes} GB published")
    fp32, naive = 4 * total / 1e9, total / 2e9
    kv_cache = 2048 * 2 * 40 * 5120 * 2 / 1e9  # 2,048 tokens: keys and values, 40 layers, 16 bits
    with_cache = rows[1]["computed"] + kv_cache
    print(f"float32 would be {fp32:.1f} GB, half a byte each {naive:.2f} GB")
    print(f"GPTQ and the cache of 2,048 tokens: {with_cache:.2f} GB")
