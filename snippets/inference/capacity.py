"""Does it fit, for how many people, and how fast: one model on some cards, as a floor.

Source: Carol Chen (kipply), "Transformer Inference Arithmetic", 30 March 2022, sections
"capacity", "model parallelism" and "latency calculations",
https://kipp.ly/transformer-inference-arithmetic/; pages of 16 tokens: Kwon et al. (2023),
https://arxiv.org/abs/2309.06180
"""

from dataclasses import asdict, dataclass

from snippets.inference.capacity_parts import PackedModel, room_taken, step_clock
from snippets.inference.facts_capacity import CARD_LINKS, MODEL_SIZES, ModelSize
from snippets.inference.facts_devices import ACCELERATORS
from snippets.inference.facts_models import MODEL_SHAPES
from snippets.inference.kv_cache import kv_bytes_per_token
from snippets.inference.roofline import forward_time

PRECISIONS = {"bf16": (2, 2), "int4-weights": (0.5, 2), "fp8": (1, 1)}  # bytes: weight, note


@dataclass(frozen=True)
class CapacityPlan:
    """Bytes over all cards together, seconds, tokens per second."""

    weight_bytes: float
    note_bytes_per_user: float
    activation_bytes: float
    reserved_bytes: float
    fits: bool
    devices_needed: int  # 0: no number of cards that the heads allow is enough
    users_that_fit: int
    prefill_seconds: float  # one prompt of the whole context
    fetch_seconds: float  # one decode step: read weights and notes
    math_seconds: float
    talk_seconds: float
    decode_seconds: float
    tokens_per_second: float
    tokens_per_second_per_device: float
    pipeline_seconds: float  # the same step if layers, not heads, are dealt out
    binds: str  # weights, notes, math or talk


def _check(heads: int, size: ModelSize, n: int, context: int, batch: int) -> None:
    for name, given in [("n_devices", n), ("context", context), ("batch", batch)]:
        if isinstance(given, bool) or not isinstance(given, int) or given < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, got {given}")
    if context > size.max_context:
        raise ValueError(f"{size.name} reads {size.max_context} tokens at most, got {context}")
    if heads % n:
        raise ValueError(f"{heads} stored heads do not divide over {n} devices")


def plan(
    model: str, device: str, n_devices: int, context: int, batch: int, precision: str = "bf16"
) -> CapacityPlan:
    """Pack a model and its users into cards, heads dealt out evenly, and time one step.

    Args:
        model: A name from `MODEL_SIZES`.
        device: A name from `ACCELERATORS`.
        n_devices: Cards; they must divide the model's stored heads.
        context: Tokens of every conversation.
        batch: Conversations that are served at once.
        precision: A key of `PRECISIONS`; "fp8" also computes in 8 bits and so needs hardware.

    Raises:
        ValueError: If a name is unknown, a count below 1, the context beyond the model's, the
            heads do not divide, or the hardware lacks the precision.
    """
    shape, size = {m.name: m for m in MODEL_SHAPES}, {m.name: m for m in MODEL_SIZES}
    card, way = {c.name: c for c in ACCELERATORS}, {c.name: c for c in CARD_LINKS}
    for kind, given, known in [
        ("model", model, list(size)),
        ("device", device, list(way)),
        ("precision", precision, list(PRECISIONS)),
    ]:
        if given not in known:
            raise ValueError(f"unknown {kind} {given!r}; known: {', '.join(known)}")
    fp8 = way[device].fp8_flops
    if precision == "fp8" and not fp8:
        raise ValueError(f"{device} has no hardware for fp8; take bf16 or int4-weights")
    weight, note = PRECISIONS[precision]
    _check(shape[model].n_kv_heads, size[model], n_devices, context, batch)
    s, chip = shape[model], card[device]
    flops = fp8 if precision == "fp8" else chip.flops
    rates = (n_devices * flops, n_devices * chip.bandwidth)
    per_token = kv_bytes_per_token(s.n_layers, s.n_kv_heads, s.head_dim, note)
    one = PackedModel(
        *(size[model], s, chip, way[device], n_devices, context, batch, weight, per_token, flops),
        prompt_floor=forward_time(size[model].n_params, context, *rates, weight),
    )
    return CapacityPlan(**room_taken(one), **step_clock(one))  # type: ignore[arg-type]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    p = plan("Llama-3-70B", "H100 SXM", 4, context=8192, batch=16)
    weights_gb, weights_gib = p.weight_bytes / 1e9, p.weight_bytes / 2**30
    result = asdict(p)
    for name, value in result.items():
        print(f"{name:29} {value:.4g}" if isinstance(value, float) else f"{name:29} {value}")

    _, ax = plt.subplots(figsize=(6.4, 2.8))
    for y, cards in enumerate((2, 4, 8)):
        q, start = plan("Llama-3-70B", "H100 SXM", cards, 8192, 16), 0.0
        notes = q.users_that_fit * q.note_bytes_per_user
        parts = [q.weight_bytes, q.reserved_bytes, q.activation_bytes, notes]
        for i, part in enumerate(parts):
            ax.barh(y, part / 1e9, left=start / 1e9, color=f"C{i}")
            start += part
        ax.text(start / 1e9 + 8, y, f"{q.users_that_fit} users", va="center")
    for i, label in enumerate(("weights", "reserve", "in flight", "users' notes")):
        ax.barh(0, 0, color=f"C{i}", label=label)
    ax.set(xlim=(0, 760), yticks=range(3), yticklabels=["2 cards", "4 cards", "8 cards"])
    ax.legend(loc="lower right")
    ax.set(xlabel="GB", title="Llama-3-70B on cards of 80 GB, 8,192 tokens per user")
    plt.show()
