"""A cache in pages: conversations get room page by page, and share what they have in common.

Source: Kwon et al. (2023), sections 4.1 to 4.4, https://arxiv.org/abs/2309.06180 (PagedAttention)
"""

import torch
from torch import Tensor

from snippets.model.smollm2 import load

PAGE = 16  # tokens


class PagePool:
    """Pages for the notes of many conversations: keys and values of all layers, 16 tokens each."""

    def __init__(self, pages: int, layers: int, heads: int, head_dim: int, like: Tensor):
        """Set `pages` pages aside, in the dtype and on the device of `like`."""
        self.store = like.new_zeros(pages, layers, 2, heads, PAGE, head_dim)
        self.readers = [0] * pages  # how many conversations read each page
        self.free = list(range(pages))

    def take(self) -> int:
        """Hand out a page.

        Raises:
            ValueError: If none is left.
        """
        if not self.free:
            raise ValueError(f"all {len(self.readers)} pages are in use: end a conversation first")
        page = self.free.pop(0)
        self.readers[page] = 1
        return page

    def give_back(self, page: int) -> None:
        """Stop reading a page; whoever reads last frees it."""
        self.readers[page] -= 1
        if not self.readers[page]:
            self.free.append(page)


class PagedCache:
    """One conversation's notes: a block table, which says where in the pool each page lies."""

    def __init__(self, pool: PagePool, room: int):
        """Begin without a page; `room` is how many tokens the model can read."""
        self.pool, self.room, self.length = pool, room, 0
        self.table: list[int] = []

    def append(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Write new keys and values, `(1, G, T, D)`, of a layer; give all so far, `(1, G, S, D)`.

        Takes pages as they are needed, and copies a page that others read before it is written.

        Raises:
            ValueError: If the pool has no page left.
        """
        end = self.length + k.shape[2]
        while len(self.table) * PAGE < end:
            self.table.append(self.pool.take())
        for n in range(self.length // PAGE, len(self.table)):
            self._own(n)
        places = torch.arange(self.length, end)
        pages, inside = torch.tensor(self.table)[places // PAGE], places % PAGE
        self.pool.store[pages, layer, 0, :, inside] = k[0].transpose(0, 1)
        self.pool.store[pages, layer, 1, :, inside] = v[0].transpose(0, 1)
        mine = self.pool.store[self.table, layer]  # (pages, 2, G, PAGE, D)
        keys, values = mine.permute(1, 2, 0, 3, 4).flatten(2, 3)[:, None, :, :end]
        return keys, values

    def fork(self) -> "PagedCache":
        """Begin another conversation with the same beginning: all pages are shared, none copied."""
        other = PagedCache(self.pool, self.room)
        other.table, other.length = list(self.table), self.length
        for page in self.table:
            self.pool.readers[page] += 1
        return other

    def end(self) -> None:
        """Give all pages back."""
        for page in self.table:
            self.pool.give_back(page)
        self.table, self.length = [], 0

    def _own(self, n: int) -> None:
        """Copy page n if somebody else reads it too: writing there would change their past."""
        page = self.table[n]
        if self.pool.readers[page] > 1:
            self.table[n] = self.pool.take()
            self.pool.store[self.table[n]] = self.pool.store[page]
            self.pool.give_back(page)


def filled_share(lengths: list[int], handed_out: int | None) -> float:
    """Say which share of the room that was set aside holds tokens.

    Args:
        lengths: Tokens of each conversation.
        handed_out: Tokens for which each gets room at once; None for pages as they are needed.
    """
    room = [handed_out or -(-length // PAGE) * PAGE for length in lengths]
    return sum(lengths) / sum(room)


if __name__ == "__main__":
    lengths = [
        int(x) for x in torch.randint(20, 1200, (64,), generator=torch.Generator().manual_seed(0))
    ]
    shares = {
        "room for 2,048 each": filled_share(lengths, 2048),
        "pages": filled_share(lengths, None),
    }
    for how, share in shares.items():
        print(f"64 conversations, {how}: {share:.0%} of the room is filled")
    model, tokenizer = load()
    c = model.config
    pool = PagePool(64, c.n_layers, c.n_kv_heads, c.head_dim, model.embed)
    rules = tokenizer.encode("You are a patient librarian. Answer in one short sentence. " * 5)
    questions = [" Who wrote Hamlet?", " What is a sonnet?", " Where is Elsinore?"]
    with torch.no_grad():
        beginning = PagedCache(pool, c.context)
        model(torch.tensor([rules]), beginning)
        shared = len(beginning.table)
        chats, furthest = [], 0.0
        for question in questions:
            chat, ids = beginning.fork(), tokenizer.encode(question)
            paged = model(torch.tensor([ids]), chat)
            plain = model(torch.tensor([rules + ids]))[:, -len(ids) :]
            furthest = max(furthest, float((paged - plain).abs().max()))
            chats.append(chat)
    tables = [chat.table for chat in chats]
    rules_length = len(rules)
    print(f"the rules: {rules_length} tokens on {shared} pages")
    for question, table in zip(questions, tables, strict=True):
        print(f"{question.strip():18} block table {table}")
    used, alone = len(pool.readers) - len(pool.free), sum(map(len, tables))
    page_bytes = pool.store[0].nbytes
    same = furthest < 1e-3
    print(f"{used} pages in use; without sharing {alone}. Logits as from one plain pass: {same}")
