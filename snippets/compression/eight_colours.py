"""A picture in eight colours: 3 bits a pixel in place of 24, two ways to choose the eight.

Source: Heckbert (1982), "Color image quantization for frame buffer display", SIGGRAPH, doi
10.1145/965145.801294 (median cut). The idea of showing quantization on a picture is Maarten
Grootendorst's: "A Visual Guide to Quantization" (2024).
"""

import torch
from torch import Tensor


def sunset(height: int, width: int) -> Tensor:
    """Paint a sun over a sea, as red, green and blue from 0 to 255: `(height, width, 3)`, uint8."""
    down = torch.linspace(0, 1, height)[:, None, None]  # (height, 1, 1)
    across = torch.linspace(0, 1, width)[None, :, None]  # (1, width, 1)
    dusk, glow, deep, gold = torch.tensor(
        [[60, 60, 130], [250, 150, 80], [15, 35, 70], [255, 235, 150]]
    )
    sky = dusk + (glow - dusk) * (down / 0.6).clamp(max=1)
    sea = glow + (deep - glow) * ((down - 0.6) / 0.25).clamp(0, 1)
    away = ((across - 0.62) * width / height).square() + (down - 0.42).square()
    halo = (1 - away.sqrt() / 0.45).clamp(min=0) * (down < 0.6)
    picture = torch.where(down < 0.6, sky, sea)
    picture = picture + (gold - picture) * torch.where(away < 0.018, torch.ones(1), halo * 0.8)
    hill = 0.6 - 0.16 * torch.sin(3.1 * across + 0.6).clamp(min=0) * (across < 0.75)
    shade = torch.tensor([45, 55, 60]) + 50 * (1 - across)
    picture = torch.where((down > hill) & (down < 0.6), shade, picture)  # (height, width, 3)
    return picture.round().clamp(0, 255).to(torch.uint8)


def fixed_grid(pixels: Tensor) -> Tensor:
    """Keep 1 bit of each channel: dark or bright, the same eight colours for every picture."""
    return torch.where(pixels < 128, 64.0, 192.0)


def median_cut(pixels: Tensor, bits: int) -> tuple[Tensor, Tensor]:
    """Ask every pixel `bits` yes-or-no questions, each halving its crowd.

    Args:
        pixels: `(N, C)`, numbers of any kind, N >= 2**bits.
        bits: How many times to cut each crowd at the median of its widest channel.

    Returns:
        labels `(N,)` in 0..2**bits - 1 and the palette `(2**bits, C)`: each crowd's mean colour.

    Raises:
        ValueError: If there are fewer pixels than colours.
    """
    if len(pixels) < 2**bits:
        raise ValueError(f"2**{bits} colours need as many pixels, got {len(pixels)}")
    values = pixels.float()  # (N, C)
    crowds = [torch.arange(len(values), device=values.device)]
    for _ in range(bits):
        crowds = [half for crowd in crowds for half in _halves(values, crowd)]
    labels = torch.zeros(len(values), dtype=torch.long, device=values.device)  # (N)
    for label, crowd in enumerate(crowds):
        labels[crowd] = label
    palette = torch.stack([values[crowd].mean(0) for crowd in crowds])  # (P, C)
    return labels, palette


def _halves(values: Tensor, crowd: Tensor) -> tuple[Tensor, Tensor]:
    """Sort a crowd by the channel in which it differs most, and cut it in the middle."""
    members = values[crowd]
    widest = (members.amax(0) - members.amin(0)).argmax()
    ordered = crowd[members[:, widest].argsort(stable=True)]
    return ordered[: len(crowd) // 2], ordered[len(crowd) // 2 :]


def settle_palette(pixels: Tensor, palette: Tensor, rounds: int) -> tuple[Tensor, Tensor]:
    """Let pixels pick their nearest colour and colours move to their pixels' mean (k-means).

    Args:
        pixels: `(N, C)`.
        palette: `(P, C)`, where to start.
        rounds: How often to repeat both.

    Returns:
        labels `(N,)` and the palette `(P, C)`. A colour that nobody picks moves to the pixel that
        is served worst.
    """
    values, palette = pixels.float(), palette.clone()
    for _ in range(rounds):
        distance, labels = (values[:, None] - palette).square().sum(2).min(1)
        for label in range(len(palette)):
            mine = labels == label  # (N)
            palette[label] = values[mine].mean(0) if mine.any() else values[distance.argmax()]
    return (values[:, None] - palette).square().sum(2).argmin(1), palette


def colour_error(before: Tensor, after: Tensor) -> float:
    """Take the root mean square error over pixels and channels, on the scale of 0 to 255."""
    return (before.float() - after.float()).square().mean().sqrt().item()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    HEIGHT, WIDTH, BITS = 20, 32, 3
    picture = sunset(HEIGHT, WIDTH)
    pixels = picture.reshape(-1, 3)
    cut_labels, cut_palette = median_cut(pixels, BITS)
    labels, palette = settle_palette(pixels, cut_palette, 20)
    eight = palette[labels].reshape(picture.shape)
    true_colours, palette_size = len(pixels.unique(dim=0)), len(palette)
    grid_error = colour_error(pixels, fixed_grid(pixels))
    cut_error = colour_error(pixels, cut_palette[cut_labels])
    palette_error = colour_error(picture, eight)
    print(f"{true_colours} colours -> {palette_size}; typical error of 255:")
    print(f"fixed grid {grid_error:.1f}, median cut {cut_error:.1f}, settled {palette_error:.1f}")
    full, reduced = picture.nbytes, len(pixels) * BITS // 8 + palette_size * 3
    shrinks = full / reduced
    print(f"{full} bytes -> {reduced} with the palette: {shrinks:.2f}x smaller")

    _, axes = plt.subplots(1, 3, figsize=(7.2, 2.3))
    zoom = eight[4:12, 14:27]
    names = [f"{true_colours} colours", f"{palette_size} colours", "the same, zoomed in"]
    for ax, image, name in zip(axes, [picture / 255, eight / 255, zoom / 255], names, strict=True):
        ax.pcolormesh(image.numpy(), edgecolors="face", linewidth=1.0)  # no seams
        ax.invert_yaxis()
        ax.set(title=name, xlabel="pixel", aspect="equal")
    axes[0].set_ylabel("pixel")
    plt.show()
