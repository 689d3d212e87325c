"""The tokenizer of SmolLM2, rebuilt from what stands in its GGUF file.

Source: byte-level BPE as in GPT-2 (Radford et al., 2019, section 2.2) behind a split that takes
digits one by one; the chat format is ChatML.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from snippets.model.bpe import glue
from snippets.model.gguf_file import read_gguf
from snippets.model.smollm2_file import find_smollm2

SMOL_SPACES = (
    "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # Unicode's White_Space
)
# GPT-2's split. Digits were taken out before, so what Python calls \w is a letter or "_".
SMOL_WORDS = re.compile(
    rf"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W_]+| ?(?:[^\w{SMOL_SPACES}]|_)+"
    rf"|[{SMOL_SPACES}]+(?![^{SMOL_SPACES}])|[{SMOL_SPACES}]+"
)
SMOL_UNKNOWN = 0  # <|endoftext|>: stands for the few bytes that have no token of their own
SMOL_SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"


def byte_letters() -> dict[int, str]:
    """Give every byte a letter that can be seen, as GPT-2 does: a space becomes a G with a dot."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in seen]
    return {byte: chr(byte) for byte in seen} | {b: chr(256 + n) for n, b in enumerate(hidden)}


class SmolTokenizer:
    """Text to token ids and back."""

    def __init__(self, tokens: Sequence[str], merges: Sequence[str], special: Sequence[int]):
        self.tokens = list(tokens)
        self.ids = {token: index for index, token in enumerate(tokens)}
        self.rank = {tuple(merge.split(" ")): n for n, merge in enumerate(merges)}
        self.special = {tokens[index]: index for index in special}
        self.bos_id, self.eos_id = self.ids["<|im_start|>"], self.ids["<|im_end|>"]
        self._letters = byte_letters()
        self._bytes = {letter: byte for byte, letter in self._letters.items()}
        self._glue = lru_cache(65536)(self._glue_piece)

    @classmethod
    def from_metadata(cls, metadata: dict[str, Any]) -> "SmolTokenizer":
        """Take tokens, merges and special tokens from the head of a GGUF file."""
        kinds = metadata["tokenizer.ggml.token_type"]
        special = [index for index, kind in enumerate(kinds) if kind == 3]
        tokens = metadata["tokenizer.ggml.tokens"]
        return cls(tokens, metadata["tokenizer.ggml.merges"], special)

    def encode(self, text: str, allow_special: bool = True) -> list[int]:
        """Turn text into ids. Where special tokens are not allowed, their names are plain text."""
        names = "|".join(map(re.escape, self.special))
        parts = re.split(f"({names})", text) if allow_special else [text]
        ids: list[int] = []
        for number, part in enumerate(parts):
            if number % 2:
                ids.append(self.special[part])
            else:
                ids += [i for piece in _smol_pieces(part) for i in self._glue(piece)]
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """Turn ids back into text; special tokens show their names."""
        data = b""
        for index in ids:
            token = self.tokens[index]
            plain = token in self.special
            data += token.encode() if plain else bytes(self._bytes[c] for c in token)
        return data.decode("utf-8", "replace")

    def chat(self, messages: list[dict[str, str]], add_generation_prompt: bool = True) -> list[int]:
        """Lay out a conversation as the model was trained on it; what people typed stays text."""
        if not messages or messages[0]["role"] != "system":
            messages = [{"role": "system", "content": SMOL_SYSTEM}, *messages]
        ids: list[int] = []
        for message in messages:
            text = f"{message['role']}\n{message['content']}"
            ids += [self.bos_id, *self.encode(text, allow_special=False), self.eos_id]
            ids += self.encode("\n")
        return ids + ([self.bos_id, *self.encode("assistant\n")] if add_generation_prompt else [])

    def _glue_piece(self, piece: str) -> tuple[int, ...]:
        symbols = [self._letters[byte] for byte in piece.encode("utf-8", "replace")]
        while known := [p for p in zip(symbols, symbols[1:], strict=False) if p in self.rank]:
            first = min(known, key=self.rank.__getitem__)
            symbols = glue(symbols, first, "".join(first))
        return tuple(self.ids.get(symbol, SMOL_UNKNOWN) for symbol in symbols)


def _smol_pieces(text: str) -> Iterator[str]:
    """Take every digit alone, then cut what lies between into words, signs and spaces."""
    start = 0
    for place, letter in enumerate(text):
        if unicodedata.category(letter)[0] == "N":
            yield from (match[0] for match in SMOL_WORDS.finditer(text[start:place]))
            yield letter
            start = place + 1
    yield from (match[0] for match in SMOL_WORDS.finditer(text[start:]))


def load_tokenizer() -> SmolTokenizer:
    """Build the tokenizer of the real model; the file is read up to its tensors only."""
    return SmolTokenizer.from_metadata(read_gguf(find_smollm2())[0])


if __name__ == "__main__":
    tokenizer = load_tokenizer()
    sentences = ["The cat sat on the mat.", "strawberry", "antidisestablishmentarianism"]
    sentences += ["1234 + 56 = 1290", "na\u00efve caf\u00e9", "\U0001f600", "    return x"]
    cuts, pieces = {}, {}
    for sentence in sentences:
        tokens = [tokenizer.decode([i]) for i in tokenizer.encode(sentence)]
        cuts[sentence], pieces[sentence] = " | ".join(map(repr, tokens)), len(tokens)
        print(f"{pieces[sentence]:2} tokens: {cuts[sentence]}")
    cat_ids = tokenizer.encode(sentences[0])
    print("the cat, as the model sees it:", cat_ids)
    bytes_of_smile = len("\U0001f600".encode())
    price = {text: len(tokenizer.encode(text)) for text in ("2+2=4", "22+22=44")}  # exercise 3
    homeless = sum(letter not in tokenizer.ids for letter in byte_letters().values())
