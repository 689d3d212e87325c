"""Ways to quantize a language model: what is rounded, and what somebody must show it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QuantizationRecipe:
    """One method: bits of weights and activations, what it needs to see, where that is said."""

    name: str
    weights: str
    activations: str
    examples: str
    trains: bool
    source: str
    seen: str


_ARXIV = "https://arxiv.org/abs/"
_SEEN = "2026-11-28"

ROUND_TO_NEAREST = QuantizationRecipe(
    "round to nearest", "4 to 8", "16", "none", False, _ARXIV + "2103.13630", _SEEN
)
NF4_RECIPE = QuantizationRecipe("NF4", "4", "16", "none", False, _ARXIV + "2305.14314", _SEEN)
GGUF_RECIPE = QuantizationRecipe(
    "GGUF, k-quants", "2 to 8", "8 to 32, by device", "none; importance matrix optional", False,
    "https://github.com/ggml-org/llama.cpp/blob/master/tools/imatrix/README.md", _SEEN,
)  # fmt: skip
GPTQ_RECIPE = QuantizationRecipe(
    "GPTQ", "3 to 4", "16", "some texts", False, _ARXIV + "2210.17323", _SEEN
)
AWQ_RECIPE = QuantizationRecipe(
    "AWQ", "3 to 4", "16", "some texts", False, _ARXIV + "2306.00978", _SEEN
)
LLM_INT8_RECIPE = QuantizationRecipe(
    "LLM.int8()", "8", "8, loud channels 16", "none (dynamic)", False, _ARXIV + "2208.07339", _SEEN
)
FP8_DYNAMIC_RECIPE = QuantizationRecipe(
    "FP8 dynamic", "8 (float)", "8 (float)", "none (dynamic)", False,
    "https://docs.vllm.ai/projects/llm-compressor/en/stable/examples/quantization_w8a8_fp8/", _SEEN,
)  # fmt: skip
SMOOTHQUANT_RECIPE = QuantizationRecipe(
    "SmoothQuant", "8", "8", "some texts", False, _ARXIV + "2211.10438", _SEEN
)
GEMMA_3_QAT_RECIPE = QuantizationRecipe(
    "Gemma 3 QAT", "4", "16", "training text", True, _ARXIV + "2503.19786", _SEEN
)
GPT_OSS_RECIPE = QuantizationRecipe(
    "gpt-oss, experts", "4 (MXFP4)", "16", "training text", True,
    "https://github.com/openai/gpt-oss", _SEEN,
)  # fmt: skip
BITNET_RECIPE = QuantizationRecipe(
    "BitNet b1.58", "3 values", "8", "training text", True, _ARXIV + "2402.17764", _SEEN
)
RECIPES = (
    ROUND_TO_NEAREST, NF4_RECIPE, GGUF_RECIPE, GPTQ_RECIPE, AWQ_RECIPE, LLM_INT8_RECIPE,
    FP8_DYNAMIC_RECIPE, SMOOTHQUANT_RECIPE, GEMMA_3_QAT_RECIPE, GPT_OSS_RECIPE, BITNET_RECIPE,
)  # fmt: skip


if __name__ == "__main__":
    rows = []
    for recipe in RECIPES:
        kind = "QAT" if recipe.trains else "PTQ"
        row = {"name": recipe.name, "kind": kind, "weights": recipe.weights}
        rows.append(row | {"activations": recipe.activations, "examples": recipe.examples})
        print(f"{recipe.name:18}{kind}, needs: {recipe.examples}")
    without = sum(recipe.examples.startswith("none") for recipe in RECIPES)
    count = len(RECIPES)
    print(f"{without} of {count} can do without examples")
