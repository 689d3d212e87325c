from sitebuild.book import Book
from snippets.compression.gguf_blocks import BLOCK_LAYOUTS
from snippets.model.gguf_file import read_gguf
from snippets.model.smollm2_file import find_smollm2


def test_agrees_with_the_bytes_of_its_blocks():
    """The size of the new file against a sum over the tensors of the old one."""
    values = Book().result("compression.smollm2_again")["values"]
    _, tensors = read_gguf(find_smollm2())
    block = BLOCK_LAYOUTS["Q8_0"].itemsize
    weights = {name: t.shape for name, t in tensors.items() if len(t.shape) == 2}
    matrices = sum(a * b for a, b in weights.values()) // 32 * block
    vectors = sum(4 * t.shape[0] for t in tensors.values() if len(t.shape) == 1)
    old = sum(t.data.nbytes for t in tensors.values())
    head = values["old_megabytes"] * 1e6 - old  # metadata, the same in both files
    assert abs(values["megabytes"] * 1e6 - matrices - vectors - head) < 10_000
    assert values["said"] == " Paris"
