import math

import pytest
import torch

from snippets.model import tiny as module
from snippets.model.characters import play_ids
from snippets.model.parameter_census import count_parameters
from snippets.model.tiny import (
    RECIPE,
    TinyRecipe,
    load_tiny,
    new_tiny,
    tiny_losses,
    train_tiny,
)
from snippets.tools.cache_folder import cache_folder

SHORT = TinyRecipe(steps=4, batch=2, window=16, warm_up=1, snapshots=(0, 2, 4))


@pytest.fixture
def plain(monkeypatch, tmp_path):
    """Let the cache be a new folder and the training four steps."""
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(module, "RECIPE", SHORT)
    return cache_folder()


def test_it_is_trained_once_and_then_read(plain, monkeypatch):
    model, characters = load_tiny(4)
    (path,) = plain.glob("tiny-*.safetensors")
    monkeypatch.setattr(module, "train_tiny", None)
    again, _ = load_tiny(4)
    assert path.is_file()
    for one, other in zip(model.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)
    assert characters.decode(characters.encode("Enter HAMLET")) == "Enter HAMLET"


def test_whatever_changes_training_makes_a_new_copy(plain, monkeypatch):
    load_tiny(4)
    monkeypatch.setattr(module, "RECIPE", TinyRecipe(**{**vars(SHORT), "matrix_rate": 0.01}))
    load_tiny(4)
    monkeypatch.setattr(module, "TINY_VERSION", 99)
    load_tiny(4)
    assert len(list(plain.glob("tiny-*.safetensors"))) == 3


def test_training_the_loaded_model_never_reaches_the_copy(plain):
    model, _ = load_tiny(4)
    with torch.no_grad():
        model.embed.zero_()
    assert load_tiny(4)[0].embed.abs().sum() > 0


def test_the_weights_do_not_depend_on_how_many_threads_the_caller_has(plain):
    ids, threads, made = play_ids()[1][:5000], torch.get_num_threads(), []
    for number in (1, 2):
        torch.set_num_threads(number)
        made.append(train_tiny(80, ids, SHORT))
        assert torch.get_num_threads() == number
    torch.set_num_threads(threads)
    assert made[0].keys() == made[1].keys()
    for name, weight in made[0].items():
        assert torch.equal(weight, made[1][name]), name


def test_the_snapshots_are_the_stations_of_one_training(plain):
    ids = play_ids()[1][:5000]
    kept = train_tiny(80, ids, SHORT)
    fresh = new_tiny(80).state_dict()
    assert all(torch.equal(kept[f"0.{name}"], weight) for name, weight in fresh.items())
    assert not torch.equal(kept["2.embed"], kept["4.embed"])
    assert len(kept["losses"]) == 4


def test_a_station_that_was_not_kept_is_refused():
    with pytest.raises(ValueError, match=r"wanted one of \(0, .* got 7"):
        load_tiny(7)


def test_making_one_leaves_pytorchs_random_numbers_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    new_tiny(80)
    assert torch.equal(torch.rand(3), expected)


def test_page_says_how_many_parameters_it_has():
    model, characters = load_tiny()
    assert sum(w.numel() for w in model.parameters()) == sum(
        count_parameters(model.config).values()
    )
    assert len(characters) == model.config.vocab_size


def test_page_says_it_starts_from_blind_guessing_and_then_learns():
    losses = tiny_losses()
    assert len(losses) == RECIPE.steps
    assert abs(losses[0] - math.log(80)) < 0.1
    assert sum(losses[-50:]) / 50 < 0.45 * losses[0]
