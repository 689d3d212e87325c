import matplotlib.pyplot as plt
import pytest
import torch

from snippets.model.block_diagram import STATION_NAMES, draw_stations, list_stations
from snippets.model.parameter_census import count_parameters
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer, TransformerConfig

CONFIG = TransformerConfig(53, 28, 3, 2, 2, 14, 37, 11)
ORDER = ["norm_1", "attention", "norm_2", "ffn"]


def test_stations_run_in_this_order_and_hold_what_the_formula_says():
    stations = list_stations(Transformer(CONFIG), torch.zeros(1, 5, dtype=torch.long))
    counts, parts = dict(stations), count_parameters(CONFIG)
    assert [name for name, _ in stations] == ORDER == list(STATION_NAMES)
    assert counts["attention"] * 3 == parts["attention"]
    assert counts["ffn"] * 3 == parts["feed-forward"]
    assert counts["norm_1"] == counts["norm_2"] == 28


def test_page_says_blocks_and_table_make_up_the_whole():
    model, _ = load()
    stations = list_stations(model, torch.zeros(1, 3, dtype=torch.long))
    in_blocks = 30 * sum(count for _, count in stations)
    assert in_blocks + 49_152 * 576 + 576 == 134_515_008
    assert not any("cross" in name for name, _ in model.named_modules())


def test_every_station_is_drawn_once():
    figure, ax = plt.subplots()
    draw_stations(ax, [(name, 7) for name in ORDER], 3)
    texts = " ".join(text.get_text() for text in ax.texts)
    assert texts.count("7 parameters") == 4
    assert texts.count("+") == 2
    assert "of 3" in ax.get_title()
    plt.close(figure)


def test_an_unknown_station_is_refused():
    figure, ax = plt.subplots()
    with pytest.raises(KeyError, match="router"):
        draw_stations(ax, [("router", 1)], 1)
    plt.close(figure)
