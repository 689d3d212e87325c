"""Answers to the exercises of the chapter on the roofline, worked out."""

from snippets.inference.facts_devices import H100_SXM
from snippets.inference.facts_models import LLAMA_3_8B
from snippets.inference.intensity import note_intensity
from snippets.inference.roofline import break_even_tokens, forward_time, ridge_point

if __name__ == "__main__":
    invented = ridge_point(1e15, 4e12)
    invented_tokens = break_even_tokens(1e15, 4e12, bytes_per_param=1)
    print(f"1. ridge {invented:.0f} FLOP per byte; {invented_tokens:.0f} tokens")

    card = (H100_SXM.flops, H100_SXM.bandwidth)
    alone, company = 1 / forward_time(8.03e9, 1, *card), 200 / forward_time(8.03e9, 200, *card)
    crowd = 1000 / forward_time(8.03e9, 1000, *card)
    print(f"2. {alone:.0f}, {company:,.0f} and {crowd:,.0f} tokens a second")

    shared_notes = note_intensity(LLAMA_3_8B, bytes_per_value=1)
    peak_percent = 100 * shared_notes / ridge_point(*card)
    print(f"3. {shared_notes:.0f} FLOP per byte, at best {peak_percent:.1f} % of the peak")
    assert (invented, invented_tokens, shared_notes) == (250, 125, 8)
