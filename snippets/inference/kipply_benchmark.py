"""Floors against a stopwatch: a 13B model on one and two A100s, predicted and measured.

Source: Carol Chen (kipply), "Transformer Inference Arithmetic", 30 March 2022, section "comparing
against real benchmarks", https://kipp.ly/transformer-inference-arithmetic/. All that is not
measured is recomputed here.
"""

from snippets.inference.facts_benchmark import TIMED_PRODUCTS, TIMED_PROMPTS
from snippets.inference.facts_capacity import TIMED_TOKENS
from snippets.inference.facts_models import LLAMA_2_13B
from snippets.inference.matmul_count import matmul_flops
from snippets.inference.roofline import forward_time, ridge_point

BENCH_FLOPS, BENCH_BYTES = 312e12, 1.5e12  # as the example rounds them
WEIGHTS_13B = 12 * LLAMA_2_13B.n_layers * LLAMA_2_13B.d_model**2


def floor_ms(tokens: int, cards: int) -> float:
    """Take the slower of two clocks for a pass on cards that share the work, in milliseconds.

    Raises:
        ValueError: If there is no card or no token.
    """
    if cards < 1 or tokens < 1:
        raise ValueError(f"wanted a card and a token at least, got {cards} and {tokens}")
    return 1e3 * forward_time(WEIGHTS_13B, tokens, cards * BENCH_FLOPS, cards * BENCH_BYTES)


def scaled_prompt_ms(decode_ms: float, tokens: int, bandwidth_share: float) -> float:
    """Foretell a prompt as kipply did: the *measured* decoding step, times tokens over ridge.

    Args:
        decode_ms: Milliseconds for one token.
        tokens: Tokens in the prompt.
        bandwidth_share: How much of its bandwidth the card reaches, which moves the ridge.

    Raises:
        ValueError: If an argument is 0 or less.
    """
    if not (decode_ms > 0 and tokens > 0):
        raise ValueError(f"wanted values above 0, got {decode_ms} ms and {tokens} tokens")
    return decode_ms * tokens / ridge_point(BENCH_FLOPS, bandwidth_share * BENCH_BYTES)


if __name__ == "__main__":
    decode, prompt, products = [], [], []
    for timed in TIMED_TOKENS:
        floor = floor_ms(1, timed.cards)
        decode.append({"cards": timed.cards, "floor": floor, "measured": timed.measured_ms,
                       "share": 100 * floor / timed.measured_ms})  # fmt: skip
    for timed, step in zip(TIMED_PROMPTS, TIMED_TOKENS, strict=True):
        floor = floor_ms(timed.tokens, timed.cards)
        scaled = scaled_prompt_ms(step.measured_ms, timed.tokens, TIMED_PROMPTS[0].bandwidth_share)
        prompt.append({"cards": timed.cards, "floor": floor, "scaled": scaled,
                       "printed": timed.expected_ms, "measured": timed.measured_ms,
                       "floor_share": 100 * floor / timed.measured_ms,
                       "scaled_share": 100 * scaled / timed.measured_ms})  # fmt: skip
    for timed in TIMED_PRODUCTS:
        work = matmul_flops(timed.tokens, timed.inside, timed.outside)
        best = 1e6 * work / BENCH_FLOPS
        products.append({"product": timed.name, "best": best, "measured": timed.measured_us,
                         "share": 100 * best / timed.measured_us})  # fmt: skip
    for row in decode:
        print("{cards} card(s), a token: {floor:.1f} of {measured} ms, {share:.0f} %".format(**row))
    for row in prompt:
        print("{cards} card(s), 512 tokens: floor {floor:.1f}, scaled {scaled:.1f}, measured "
              "{measured} ms".format(**row))  # fmt: skip
    for row in products:
        print("{product}: {best:.0f} of {measured} us, {share:.0f} %".format(**row))
    door_percent = 100 * TIMED_PROMPTS[0].bandwidth_share
    slower_door = floor_ms(1, 1) / TIMED_PROMPTS[0].bandwidth_share
    moved_ridge = ridge_point(BENCH_FLOPS, TIMED_PROMPTS[0].bandwidth_share * BENCH_BYTES)
    print(f"with 90 % of the bandwidth a token takes {slower_door:.1f} ms, the ridge is ", end="")
    print(f"{moved_ridge:.0f}")
