"""Answers to the exercises on serving.

Source: Leviathan, Kalman and Matias (2023), equation 1, https://arxiv.org/abs/2211.17192
"""

from snippets.inference.latency_terms import token_seconds
from snippets.inference.serving import Request, serve
from snippets.inference.speculative_sampling import expected_tokens
from snippets.model.tiny import load_tiny

if __name__ == "__main__":
    model, characters = load_tiny()
    passes = {}
    for kind in (True, False):
        wishes = [Request(characters.encode("To be"), wanted) for wanted in (1, 5, 4)]
        passes[kind] = serve(model, wishes, slots=2, continuous=kind)
    continuous, static = passes[True], passes[False]
    print(f"1. {continuous} passes for the chairlift, {static} for the cable car")

    four, many = expected_tokens(0.8, 4), expected_tokens(0.8, 20)
    print(f"2. {four:.2f} tokens with 4 guesses, {many:.2f} with 20")

    ms = 1e3 * token_seconds(users=1, context=0)
    rate, rate_4_bit = 1e3 / ms, 1e3 / ms * 16 / 4.5
    print(f"3. {rate:.0f} tokens a second, {rate_4_bit:.0f} with 4.5 bits a weight")
