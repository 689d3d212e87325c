"""WordPiece: cut words into the longest pieces that a vocabulary knows.

Sources: Devlin et al. (2019), section 3, https://arxiv.org/abs/1810.04805; the rules of BERT's
tokenization.py, https://github.com/google-research/bert
"""

import re
import unicodedata

LONGEST_WORD = 100  # characters; what is longer becomes [UNK]
IDEOGRAPHS = (
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002ceaf"
    "\U0002f800-\U0002fa1f"
)


class WordPiece:
    """BERT's tokenizer for lower-case English."""

    def __init__(self, vocab: list[str]):
        """Take the pieces in the order of their ids; those with ## go on with a word."""
        self.vocab = vocab
        self._ids = {piece: number for number, piece in enumerate(vocab)}
        special = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
        missing = [name for name in special if name not in self._ids]
        if missing:
            raise ValueError(f"wanted a vocabulary with {', '.join(special)}; it lacks {missing}")
        self.pad_id, self.unk_id, self.cls_id, self.sep_id = (self._ids[name] for name in special)

    def encode(self, text: str, longest: int | None = 256) -> list[int]:
        """Turn a text into ids, [CLS] at the start and [SEP] at the end.

        Args:
            text: Any text. "[CLS]" written in it is no special token: it is brackets and letters.
            longest: How many ids there may be; the end of a longer text is lost.

        Raises:
            TypeError: If it is not a text.
        """
        if not isinstance(text, str):
            raise TypeError(f"wanted a text (str), got {type(text).__name__}: {text!r:.60}")
        pieces = [piece for word in bert_words(text) for piece in self._pieces(word)]
        return [self.cls_id, *pieces[: longest - 2 if longest else None], self.sep_id]

    def tokens(self, text: str) -> list[str]:
        """Name the pieces of a text."""
        return [self.vocab[number] for number in self.encode(text)]

    def _pieces(self, word: str) -> list[int]:
        found, start = [], 0
        while start < len(word) <= LONGEST_WORD:
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((e for e in ends if mark + word[start:e] in self._ids), None)
            if end is None:
                return [self.unk_id]
            found.append(self._ids[mark + word[start:end]])
            start = end
        return found or [self.unk_id]


def bert_words(text: str) -> list[str]:
    """Cut a text into lower-case words without accents; every punctuation mark is a word."""
    text = "".join(_clean(symbol) for symbol in text)
    text = re.sub(f"([{IDEOGRAPHS}])", r" \1 ", text)
    letters = (c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    lower = "".join(c.lower() for c in letters)
    return "".join(f" {c} " if _is_punctuation(c) else c for c in lower).split()


def _clean(symbol: str) -> str:
    invisible = unicodedata.category(symbol) in ("Cc", "Cf", "Co")  # control, format, private
    if symbol in "\t\n\r" or symbol.isspace() and not invisible:
        return " "
    return "" if invisible or symbol == "\ufffd" else symbol


def _is_punctuation(c: str) -> bool:
    signs = c.isascii() and c.isprintable() and not c.isalnum() and c != " "  # also $, +, ~
    return signs or unicodedata.category(c)[0] == "P"


if __name__ == "__main__":
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##believ", "##able", "cafe", "!", "a"]
    wordpiece = WordPiece(pieces)
    cut = wordpiece.tokens("Unbelievable! A café, a zebra")
    print(cut)
