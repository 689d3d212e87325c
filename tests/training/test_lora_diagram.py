import pytest
from matplotlib.figure import Figure

from snippets.training.lora_diagram import draw_layer


def drawn(bits, detour):
    ax = Figure().subplots()
    learns = draw_layer(ax, "title", bits, detour)
    return ax, learns


def test_with_a_detour_the_layer_rests():
    plain, learns = drawn(16, detour=False)
    assert learns == ["W"]
    assert len(plain.patches) == 1
    bent, learns = drawn(16, detour=True)
    assert learns == ["A", "B"]
    assert len(bent.patches) == 3
    assert plain.patches[0].get_facecolor() == bent.patches[1].get_facecolor()
    assert plain.patches[0].get_facecolor() != bent.patches[0].get_facecolor()


def test_fewer_bits_are_a_smaller_box_inside_the_picture():
    wide = [drawn(bits, True)[0].patches[0].get_path().get_extents().width for bits in (4, 16)]
    assert 0.1 < wide[0] < wide[1] < 0.4


def test_bits_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="wanted 1 to 32 bits, got 0"):
        drawn(0, True)
