"""Stage one: show a model what an answer looks like (supervised fine-tuning), on Tiny.

Source: Ouyang et al. (2022), section 3.1, step 1, https://arxiv.org/abs/2203.02155
"""

import re

import torch
from torch import Tensor, nn

from snippets.model.characters import Characters, play_texts
from snippets.model.generate import generate
from snippets.model.tiny import RECIPE, TINY_VERSION, load_tiny
from snippets.model.transformer import Transformer
from snippets.tools.kept_weights import kept_under
from snippets.tools.threads import with_threads

MAKES = True
SINGER_VERSION = 2  # counted up when code changes what training gives
CUE, SONG_LENGTH = "Sing!\n", 40  # what we say, and how many characters come back
SINGER_STEPS, SINGER_BATCH, SINGER_RATE = 40, 32, 3e-4
SINGER_RECIPE = (SINGER_VERSION, TINY_VERSION, RECIPE, CUE, SONG_LENGTH, SINGER_STEPS,
                 SINGER_BATCH, SINGER_RATE, torch.__version__)  # fmt: skip


def song_log_probs(model: nn.Module, ids: Tensor) -> Tensor:
    """Log-probability of every character of songs.

    Args:
        model: A `Transformer`.
        ids: `(B, T)`, int64: the cue, then the song.

    Returns:
        `(B, SONG_LENGTH)`, in nats; the cue is read, not judged.

    Raises:
        ValueError: If there is nothing but the song.
    """
    if ids.shape[1] <= SONG_LENGTH:
        raise ValueError(f"wanted a cue and {SONG_LENGTH} characters, got {tuple(ids.shape)}")
    x = model.read(ids[:, :-1])[:, -SONG_LENGTH:]  # (B, L, C)
    told = model.predict(x).log_softmax(-1)  # (B, L, V)
    return told.gather(-1, ids[:, -SONG_LENGTH:, None])[..., 0]


def write_songs(
    model: Transformer, characters: Characters, count: int, generator: torch.Generator
) -> Tensor:
    """Give the cue and let a model write: `(count, T)`, int64, cue included."""
    cue = torch.tensor([characters.encode(CUE)]).expand(count, -1)
    return generate(model, cue, SONG_LENGTH, temperature=1.0, generator=generator)


def songs_as_text(characters: Characters, ids: Tensor) -> list[str]:
    """Turn songs `(B, T)` into text, without the cue."""
    return [characters.decode(song) for song in ids[:, -SONG_LENGTH:].tolist()]


def demonstrations(characters: Characters, text: str) -> Tensor:
    """Find lines of verse in plays: `(N, T)`, int64, each as the answer to the cue."""
    begins = re.finditer(r"^[A-Z][a-z']* [^\n]{30,50}\n(?=[A-Z][a-z])", text, re.MULTILINE)
    songs = [text[m.start() : m.start() + SONG_LENGTH] for m in begins]
    whole = [CUE + song for song in songs if len(song) == SONG_LENGTH]  # the text may end
    return torch.stack([characters.ids_of(song) for song in whole])


def train_singer(model: Transformer, shown: Tensor, steps: int = SINGER_STEPS) -> list[float]:
    """Make demonstrations `(N, T)` more likely; give the losses, in nats per character."""
    optimizer = torch.optim.AdamW(model.parameters(), SINGER_RATE, weight_decay=0.0)
    chance, losses = torch.Generator().manual_seed(0), []
    for _ in range(steps):
        batch = shown[torch.randint(len(shown), (SINGER_BATCH,), generator=chance)]
        loss = -song_log_probs(model, batch).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def load_singer() -> tuple[Transformer, Characters]:
    """Load Tiny as it sings after stage one, and its tokenizer; train it first if need be."""
    model, characters = load_tiny()

    def make() -> dict[str, Tensor]:
        with with_threads(1):
            train_singer(model, demonstrations(characters, play_texts()[0]))
        return {name: weight.detach().clone() for name, weight in model.state_dict().items()}

    model.load_state_dict(kept_under("singer", repr(SINGER_RECIPE).encode(), make))
    return model.eval(), characters


if __name__ == "__main__":
    tiny, characters = load_tiny()
    singer, _ = load_singer()
    held_out = demonstrations(characters, play_texts()[1])[:400]
    rows = []
    with with_threads(1), torch.no_grad():
        for name, model in (("Tiny", tiny), ("after SFT", singer)):
            loss = -song_log_probs(model, held_out).mean().item()
            songs = songs_as_text(
                characters, write_songs(model, characters, 200, torch.Generator().manual_seed(1))
            )
            verse = sum(bool(re.match(r"[A-Z][a-z']* [^\n]{20}", song)) for song in songs)
            row = {"model": name, "loss": round(loss, 2), "verse": round(verse / 2)}
            rows.append(row)
            print(
                "--- {model}: loss {loss}, {verse} of 100 begin like a line of verse".format(**row)
            )
            print("\n".join(repr(song) for song in songs[:3]))
