"""Answers to the exercises about several ranks."""

from snippets.inference.bubble import bubble_share
from snippets.inference.facts_models import LLAMA_3_8B, SMOLLM2_135M

VOCABULARY, WEIGHTS = 49_152, 134_515_008  # of SmolLM2-135M

if __name__ == "__main__":
    stored, asking = LLAMA_3_8B.n_kv_heads, LLAMA_3_8B.n_heads
    counts = [n for n in range(1, asking + 1) if stored % n == asking % n == 0]
    print(f"1. {stored} stored heads, {asking} heads: {counts} ranks")

    table = VOCABULARY * SMOLLM2_135M.d_model
    whole_table = round(100 * ((WEIGHTS - table) / 3 + table) / WEIGHTS)
    cut_table = round(100 / 3)
    gathered = 4 * VOCABULARY * 2 // 3  # of its scores each rank misses two thirds
    print(f"2. {cut_table} % in place of {whole_table} %; {gathered:,} bytes of scores come in")

    pieces = next(m for m in range(1, 1000) if bubble_share(8, m) <= 0.1)
    print(f"3. {pieces} pieces for a line of 8")
