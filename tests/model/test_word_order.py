from dataclasses import replace

import pytest
import torch

from snippets.model.smollm2 import load
from snippets.model.word_order import BITE_SENTENCES, next_word_chances
from tests.shapes import check_shapes


@pytest.fixture(scope="module")
def real():
    return load()


def test_page_says_the_real_model_knows_who_hits_whom(real):
    model, tokenizer = real
    first, second = (
        next_word_chances(model, tokenizer, s, (" dog", " man")) for s in BITE_SENTENCES
    )
    assert first[0] > 0.7 > 0.2 > first[1]
    assert second[1] > 0.7 > 0.2 > second[0]


def test_page_says_without_positions_it_does_not(real):
    model, tokenizer = real
    trained = model.config
    model.config = replace(trained, rope_theta=None)
    chances = [next_word_chances(model, tokenizer, s, (" dog", " man")) for s in BITE_SENTENCES]
    model.config = trained
    assert max(map(max, chances)) < 0.1
    assert abs(chances[0][0] - chances[1][0]) < 0.02


def test_chances_are_the_models_own(real):
    model, tokenizer = real
    with torch.no_grad():
        logits = model(torch.tensor([tokenizer.encode("The dog")]))[0, -1]
    (found,), _ = check_shapes(next_word_chances, model, tokenizer, "The dog", (" is",))
    assert found == pytest.approx(logits.softmax(-1)[tokenizer.encode(" is")[0]].item(), abs=1e-6)


def test_no_words_are_refused(real):
    with pytest.raises(ValueError, match="at least one word"):
        next_word_chances(*real, "The dog", ())
