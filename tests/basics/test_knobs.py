import pytest
import torch

from sitebuild.book import Book
from snippets.basics.knobs import SONG, watch_layers
from snippets.basics.learning import new_learner, take_step
from snippets.model.characters import Characters

V, C, T = 53, 12, 7


def test_agrees_with_reading_and_predicting():
    model, ids = new_learner(V, C), torch.randint(V, (1, T))
    layers = watch_layers(model, ids)
    with torch.no_grad():
        torch.testing.assert_close(model.norm(layers[-2][1]), model.read(ids)[0, -1])
        torch.testing.assert_close(layers[-1][1], model(ids)[0, -1].softmax(-1))
    assert torch.equal(layers[0][1] @ model.embed, layers[1][1])  # the table's row of the letter


def test_sizes_go_from_letters_to_width_to_letters():
    layers = watch_layers(new_learner(V, C), torch.randint(V, (1, T)))
    assert [len(numbers) for _, numbers in layers] == [V, C, C, C, V]
    assert layers[0][1].sum() == 1
    assert layers[-1][1].sum() == pytest.approx(1)


def test_looking_leaves_nothing_behind():
    model, ids = new_learner(V, C), torch.randint(V, (1, T))
    first, second = watch_layers(model, ids), watch_layers(model, ids)
    assert len(first) == len(second) == 5


def test_page_says_the_song_is_learned_and_most_knobs_are_hidden():
    values = Book().result("basics.knobs")["values"]
    assert (values["guess"], values["sure"]) == ("a", 1.0)
    assert values["knobs"]["hidden"] > 10 * values["knobs"]["input"]


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_other_seeds_learn_what_comes_after_n(seed):
    characters = Characters(SONG)
    ids = torch.tensor([characters.encode(SONG)])
    torch.manual_seed(seed)
    model = new_learner(len(characters), 8)
    for _ in range(250):
        take_step(model, ids, 0.5)
    chances = watch_layers(model, torch.tensor([characters.encode("banan")]))[-1][1]
    assert chances[characters.encode("a")[0]] > 0.95


def test_two_texts_at_once_are_refused():
    with pytest.raises(ValueError, match=r"wanted one text \(1, T\), got \(2, 7\)"):
        watch_layers(new_learner(V, C), torch.randint(V, (2, T)))
