import pytest
import torch

from snippets.tools.threads import with_threads


@pytest.fixture(autouse=True)
def _restore():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_the_number_holds_inside_and_is_restored_after_an_error():
    seen = []

    def fail():
        with with_threads(1):
            seen.append(torch.get_num_threads())
            raise KeyError

    torch.set_num_threads(2)
    with pytest.raises(KeyError):
        fail()
    assert [*seen, torch.get_num_threads()] == [1, 2]


def test_no_thread_is_refused():
    with pytest.raises(ValueError, match="wanted at least 1 thread, got 0"), with_threads(0):
        pass
