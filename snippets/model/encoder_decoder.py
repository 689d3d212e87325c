"""Who reads what in the transformer of 2017: two encoder layers, two decoder layers, listened to.

Source: Vaswani et al. (2017), figure 1, sections 3.1 and 3.2.3, https://arxiv.org/abs/1706.03762
"""

import torch
from torch import Tensor, nn

WIDTH_2017, HEADS_2017 = 16, 2


def make_2017(n_layers: int = 2) -> nn.Transformer:
    """Build the model of 2017 from PyTorch's own parts: same wiring, small, untrained.

    Raises:
        ValueError: If there is no layer.
    """
    if n_layers < 1:
        raise ValueError(f"wanted at least 1 layer, got {n_layers}")
    return nn.Transformer(
        WIDTH_2017, HEADS_2017, n_layers, n_layers, 4 * WIDTH_2017, 0.0, batch_first=True
    )


def listen(model: nn.Transformer, source: Tensor, target: Tensor) -> list[dict]:
    """Run the model and note for each attention where its queries and its keys came from.

    Args:
        model: As from `make_2017`.
        source: `(B, S, C)`, what is to be translated, embedded.
        target: `(B, T, C)`, what has been written so far, embedded.

    Returns:
        One row for each attention, in the order in which they ran.
    """
    rows, names, outputs = [], {}, {}
    for name, part in model.named_modules():
        if isinstance(part, nn.MultiheadAttention):
            names[part] = name.replace("layers.", "")
            part.register_forward_pre_hook(
                lambda part, args, options: rows.append((names[part], args[:2])), with_kwargs=True
            )
    model.encoder.register_forward_hook(lambda part, args, out: outputs.update(encoder=out))
    model(source, target)
    return [
        {
            "attention": name.replace("multihead_attn", "cross_attn"),
            "queries": query.shape[1],
            "keys": key.shape[1],
            "keys_are_the_encoders_output": key is outputs["encoder"],
        }
        for name, (query, key) in rows
    ]


def count_sublayers(layer: nn.Module) -> int:
    """Count the parts of a layer that add to the stream: in this design each brings one norm."""
    return sum("norm" in name.lower() for name, _ in layer.named_children())


if __name__ == "__main__":
    torch.manual_seed(0)
    model = make_2017()
    rows = listen(model, torch.randn(1, 5, WIDTH_2017), torch.randn(1, 3, WIDTH_2017))
    for row in rows:
        whose = "the encoder's output" if row["keys_are_the_encoders_output"] else "its own stream"
        print(f"{row['attention']}: {row['queries']} queries, {row['keys']} keys from {whose}")
    sublayers = {
        "encoder": count_sublayers(model.encoder.layers[0]),
        "decoder": count_sublayers(model.decoder.layers[0]),
    }
    print("parts of a layer that add to the stream:", sublayers)
