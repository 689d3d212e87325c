"""Time to the first token and time for each further one, from two clocks and the size of the cache.

Source: Carol Chen (kipply), https://kipp.ly/transformer-inference-arithmetic/ (the two clocks);
Zhong et al. (2024), https://arxiv.org/abs/2401.09670 (TTFT, TPOT, and why to split the two)
"""

from snippets.inference.facts_devices import H100_SXM
from snippets.inference.facts_models import LLAMA_3_8B
from snippets.inference.kv_cache import kv_bytes_per_token
from snippets.inference.roofline import forward_time

LLAMA_3_8B_WEIGHTS = 8.03e9  # of Llama 3 8B


def first_token_seconds(prompt: int) -> float:
    """Time to first token (TTFT) at least: one pass over the whole prompt."""
    return forward_time(LLAMA_3_8B_WEIGHTS, prompt, H100_SXM.flops, H100_SXM.bandwidth)


def token_seconds(users: int, context: int) -> float:
    """Time per output token (TPOT) at least: one pass for all users, who each bring a cache.

    Raises:
        ValueError: If there is no user, or a context below 0.
    """
    if users < 1 or context < 0:
        raise ValueError(f"wanted a user and a context of 0 or more, got {users} and {context}")
    shape = LLAMA_3_8B
    per_token = kv_bytes_per_token(shape.n_layers, shape.n_kv_heads, shape.head_dim)
    cache = users * context * per_token / H100_SXM.bandwidth
    return forward_time(LLAMA_3_8B_WEIGHTS, users, H100_SXM.flops, H100_SXM.bandwidth) + cache


if __name__ == "__main__":
    prompts = []
    for prompt in (100, 1_000, 10_000):
        prompts.append({"prompt": prompt, "ttft": 1e3 * first_token_seconds(prompt)})
        print(f"a prompt of {prompt:6,} tokens: {prompts[-1]['ttft']:6.1f} ms to the first token")
    rows = []
    for users in (1, 16, 48):
        for context in (1_000, 8_000):
            ms = 1e3 * token_seconds(users, context)
            row = {"users": users, "context": context, "tpot": ms, "rate": 1e3 * users / ms}
            rows.append(row)
            told = f"{users:3} users, {context:5,} tokens each: {ms:4.1f} ms a token"
            print(f"{told}, {row['rate']:5,.0f} tokens a second in all")
