import numpy as np
import pytest
import torch

from snippets.compression.eight_colours import (
    colour_error,
    fixed_grid,
    median_cut,
    settle_palette,
    sunset,
)
from tests.shapes import check_shapes


def test_greys_are_cut_like_a_sorted_list(device):
    greys = torch.randperm(56, device=device)[:, None]  # one channel, 56 different values
    labels, palette = check_shapes(median_cut, greys, 3)[0]
    parts = np.array_split(np.arange(56), 8)
    np.testing.assert_allclose(palette.cpu()[:, 0], [part.mean() for part in parts])
    assert labels[greys[:, 0].argsort()].diff().min() == 0  # darker never gets a brighter label


def test_every_colour_is_the_mean_of_an_equal_share(device):
    pixels = torch.rand(8 * 31, 3, device=device)
    labels, palette = median_cut(pixels, 3)
    assert labels.bincount().tolist() == [31] * 8
    for label in range(8):
        torch.testing.assert_close(palette[label], pixels[labels == label].mean(0))


def test_settling_gives_every_pixel_its_nearest_colour(device):
    pixels = 255 * torch.rand(211, 3, device=device)
    start = median_cut(pixels, 3)[1]
    kept = start.clone()
    labels, palette = check_shapes(settle_palette, pixels, start, 5)[0]
    assert torch.equal(start, kept)
    assert torch.equal(labels, torch.cdist(pixels, palette).argmin(1))
    first = settle_palette(pixels, start, 0)
    assert colour_error(pixels, palette[labels]) < colour_error(pixels, start[first[0]])


def test_a_colour_that_nobody_picks_moves_where_it_helps_most(device):
    pixels = torch.tensor([[0.0], [1.0], [10.0]], device=device)
    palette = torch.tensor([[0.5], [1000.0]], device=device)
    labels, palette = settle_palette(pixels, palette, 2)
    assert labels.tolist() == [0, 0, 1]
    assert palette.flatten().tolist() == [0.5, 10.0]


def test_a_fixed_grid_has_eight_colours():
    pixels = (256 * torch.rand(499, 3)).floor()
    assert len(fixed_grid(pixels).unique(dim=0)) == 8
    assert (fixed_grid(pixels) - pixels).abs().max() <= 64


def test_the_picture_is_24_bits_a_pixel():
    picture = check_shapes(sunset, 11, 17)[0]
    assert picture.shape == (11, 17, 3)
    assert picture.nbytes * 8 == 24 * 11 * 17


def test_fewer_pixels_than_colours_are_refused():
    with pytest.raises(ValueError, match="got 7"):
        median_cut(torch.ones(7, 3), 3)


def test_page_says_chosen_colours_beat_fixed_ones():
    pixels = sunset(20, 32).reshape(-1, 3)
    labels, palette = median_cut(pixels, 3)
    cut = colour_error(pixels, palette[labels])
    labels, palette = settle_palette(pixels, palette, 20)
    settled = colour_error(pixels, palette[labels])
    assert cut < 0.5 * colour_error(pixels, fixed_grid(pixels))
    assert settled < 0.85 * cut
    assert len(labels.unique()) == 8


def test_page_says_the_palette_costs_a_little_of_the_saving():
    picture = sunset(20, 32)
    labels, palette = median_cut(picture.reshape(-1, 3), 3)
    assert 7 < picture.nbytes / (len(labels) * 3 / 8 + palette.numel()) < 7.5
