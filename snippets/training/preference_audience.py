"""An audience with a taste that nobody tells the band: fresh words, and no letter e in them.

Sources: Bradley and Terry (1952), https://doi.org/10.2307/2334029 (how often the better one wins);
the taste is that of Georges Perec's novel La Disparition (1969), written without the letter e
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from snippets.tools.texts import read_plays

FICKLE = 3.0  # this many letters more, and the better song of two wins 73 times in 100


@cache
def words_they_know() -> frozenset[str]:
    """Collect the words that occur in the plays at least five times."""
    counts = Counter(re.findall(r"[a-z']+", "".join(read_plays().values()).lower()))
    return frozenset(word for word, count in counts.items() if count >= 5)


def applause(song: str) -> int:
    """Count the letters in different words that exist, are finished, and have no e."""
    words = re.findall(r"[a-z']+(?=[^a-z'])", song.lower())
    return sum(len(word) for word in set(words) & words_they_know() if "e" not in word)


def compare_songs(one: Tensor, other: Tensor, generator: torch.Generator) -> Tensor:
    """Let the audience say which of two songs it liked better; it is not always sure.

    Args:
        one: `(N,)`, applause for the first song of each pair.
        other: `(N,)`, applause for the second.
        generator: Where chance comes from.

    Returns:
        `(N,)`, bool, True where the first one wins.

    Raises:
        ValueError: If there is no pair, or a song has no partner.
    """
    if one.shape != other.shape or not len(one):
        sizes = f"{tuple(one.shape)} and {tuple(other.shape)}"
        raise ValueError(f"wanted at least one pair and a partner for each song, got {sizes}")
    chance = ((one - other) / FICKLE).sigmoid()  # (N,)
    return torch.rand(len(one), generator=generator) < chance


def applause_for(songs: Sequence[str]) -> Tensor:
    """Give `(N,)`, float: the applause for each song."""
    return torch.tensor([float(applause(song)) for song in songs])


if __name__ == "__main__":
    songs = [
        "Now is it morning, and my lord is sad.",
        "Now Now Now Now Now Now Now Now Now Now.",
        "The sweetest queen whereof the bees tell",
        "Qzrtqzrt mpffff kxxx! zzzzd vrrrm, grqq.",
    ]
    heard = [applause(song) for song in songs]
    for song, claps in zip(songs, heard, strict=True):
        print(f"{claps:>2}  {song}")
    better, worse = torch.full((10_000,), 12.0), torch.full((10_000,), 9.0)
    wins = compare_songs(better, worse, torch.Generator().manual_seed(0))
    share_won = round(wins.float().mean().item(), 2)
    print(f"12 letters against 9: preferred in {share_won:.0%} of all comparisons")
