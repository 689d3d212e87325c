import pytest
import torch

from sitebuild.book import Book
from snippets.inference.serving import Request, next_tokens, seat_plan, serve
from snippets.model.generate import generate
from snippets.model.transformer import Transformer, TransformerConfig


@pytest.fixture
def model():
    torch.manual_seed(0)
    model = Transformer(TransformerConfig(20, 24, 2, 4, 2, 6, 48, context=80)).eval()
    torch.nn.init.normal_(model.embed)
    return model


def some_requests():
    chance = torch.Generator().manual_seed(3)
    lengths = torch.randint(1, 12, (9, 2), generator=chance).tolist()
    texts = [torch.randint(20, (n,), generator=chance).tolist() for n, _ in lengths]
    return [Request(t, w, 2 * k) for k, (t, (_, w)) in enumerate(zip(texts, lengths, strict=True))]


@pytest.mark.parametrize("continuous", [False, True])
@pytest.mark.parametrize("slots", [1, 2, 4, 20])
def test_everybody_gets_what_they_would_get_alone(model, slots, continuous):
    requests = some_requests()
    passes = serve(model, requests, slots, continuous)
    for request in requests:
        alone = generate(model, torch.tensor([request.text]), request.wanted)[0]
        assert request.written == alone[len(request.text) :].tolist()
        assert request.came < request.first <= request.done <= passes
        assert request.done - request.first == request.wanted - 1


def test_one_slot_takes_a_pass_for_every_token(model):
    requests = [Request([1, 2], 5), Request([3], 7)]
    assert serve(model, requests, 1, continuous=True) == 12


def test_continuous_by_hand(model):
    """Two slots; wishes of 1, 5 and 4 tokens: 1 + 4 passes, or 5 + 4 if all must wait."""
    wishes = (1, 5, 4)
    for continuous, passes in ((True, 5), (False, 9)):
        requests = [Request([n], n) for n in wishes]
        assert serve(model, requests, 2, continuous) == passes


def test_padding_is_not_read(model):
    texts = [[1, 2, 3], [4], [5, 6, 7, 8, 9]]
    assert next_tokens(model, texts) == [next_tokens(model, [text])[0] for text in texts]


@pytest.mark.parametrize("continuous", [False, True])
def test_no_seat_is_taken_twice(model, continuous):
    requests = some_requests()
    serve(model, requests, 3, continuous)
    taken = [
        (seat, n)
        for r, seat in zip(requests, seat_plan(requests), strict=True)
        for n in range(r.first, r.done + 1)
    ]
    assert len(taken) == len(set(taken)) == sum(r.wanted for r in requests)
    assert {seat for seat, _ in taken} == {0, 1, 2}


@pytest.mark.parametrize(("slots", "wanted"), [(0, 3), (2, 0)])
def test_nonsense_is_refused(model, slots, wanted):
    with pytest.raises(ValueError, match="wanted a slot and requests for a token"):
        serve(model, [Request([1], wanted)], slots, True)


def test_page_says_letting_people_in_fills_slots_and_shortens_the_wait():
    values = Book().result("inference.serving")["values"]
    static, continuous = values["rows"]
    assert values["same"] is True
    assert continuous["passes"] < 0.75 * static["passes"]
    assert continuous["filled"] > 70 > 55 > static["filled"]
    assert continuous["first"] < static["first"] / 3
    assert continuous["done"] < static["done"] / 2
