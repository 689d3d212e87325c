"""A small encoder-decoder learns to translate our toy German.

Sources: Vaswani et al. (2017), figure 1 and section 3, https://arxiv.org/abs/1706.03762 (wiring,
norms last); Bahdanau et al. (2014), https://arxiv.org/abs/1409.0473 (attention, for translating)

Sizes in comments: B sentences, S German words, T English words, C width, V English vocabulary.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence

from snippets.model.cross_attention import CrossAttention
from snippets.model.toy_language import SentencePair, toy_corpus
from snippets.model.training import warm_up_and_decay
from snippets.tools.kept_weights import kept_under
from snippets.tools.progress import progress
from snippets.tools.threads import with_threads

MAKES = True
TRANSLATOR_VERSION = 1  # counted up when code changes what training gives
TRANSLATOR = {"width": 32, "steps": 500, "batch": 64, "rate": 0.005, "seeds": 3, "threads": 1}
LESSONS, EXAM = 6000, 500  # sentences to learn from, and others to be asked about
WORD_ROOM = 16  # words in a sentence
EXTRA_WORDS = ("(nothing)", "(start)", "(end)")


class Translator(nn.Module):
    """One encoder layer and one decoder layer, for the words of some sentences."""

    def __init__(self, pairs: Sequence[SentencePair], width: int = TRANSLATOR["width"]):
        super().__init__()
        texts = ([pair.german for pair in pairs], [pair.english for pair in pairs])
        self.vocabularies = [[*EXTRA_WORDS, *sorted(set().union(*text))] for text in texts]
        self.german, self.english = (nn.Embedding(len(v), width) for v in self.vocabularies)
        self.places = nn.Embedding(2 * WORD_ROOM, width)  # half for each language
        for table in (self.german, self.english, self.places):
            nn.init.normal_(table.weight, std=0.1)
        self.read_own, self.write_own, self.look_over = (CrossAttention(width) for _ in range(3))
        self.think_german, self.think_english = (_feed_forward(width) for _ in range(2))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(5))
        self.guess = nn.Linear(width, len(self.vocabularies[1]), bias=False)

    def read(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Encode German ids `(B, S)`: vectors `(B, S, C)`, and what of it is no padding."""
        readable = (ids != 0)[:, None]  # (B, 1, S)
        x = self.german(ids) + self.places.weight[: ids.shape[1]]  # (B, S, C)
        x = self.norms[0](x + self.read_own(x, x, readable)[0])  # (B, S, C), both ways
        return self.norms[1](x + self.think_german(x)), readable

    def write(self, ids: Tensor, memory: Tensor, readable: Tensor) -> tuple[Tensor, Tensor]:
        """Decode English ids `(B, T)`: logits `(B, T, V)` of the next words, and weights."""
        T = ids.shape[1]
        past = torch.ones(T, T, dtype=torch.bool, device=ids.device).tril()  # (T, T)
        y = self.english(ids) + self.places.weight[WORD_ROOM:][:T]  # (B, T, C)
        y = self.norms[2](y + self.write_own(y, y, past)[0])  # (B, T, C), backwards only
        news, weights = self.look_over(y, memory, readable)  # queries: y; keys, values: memory
        y = self.norms[3](y + news)  # (B, T, C)
        return self.guess(self.norms[4](y + self.think_english(y))), weights


def _feed_forward(width: int) -> nn.Module:
    return nn.Sequential(nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width))


def word_ids(vocabulary: Sequence[str], sentences: Sequence[Sequence[str]]) -> Tensor:
    """Number the words of B sentences: `(B, T)`, int64, filled up with 0.

    Raises:
        ValueError: If a word is unknown, or a sentence too long.
    """
    numbers = {word: number for number, word in enumerate(vocabulary)}
    unknown = sorted({word for words in sentences for word in words} - set(numbers))
    if unknown or max(map(len, sentences)) > WORD_ROOM:
        raise ValueError(f"wanted at most {WORD_ROOM} words, all known; unknown: {unknown}")
    rows = [torch.tensor([numbers[word] for word in words]) for words in sentences]
    return pad_sequence(rows, batch_first=True)


@torch.no_grad()
def translate(model: Translator, sentences: Sequence[Sequence[str]]) -> list[tuple]:
    """Write the likeliest next word until the model says (end).

    Gives for each sentence T words and the weights `(T, S)`: row t was read to write word t.
    """
    german, english = model.vocabularies
    memory, readable = model.read(word_ids(german, sentences))
    written = torch.ones(len(sentences), 1, dtype=torch.int64)  # (start)
    for _ in range(WORD_ROOM):
        logits, weights = model.write(written, memory, readable)
        written = torch.cat([written, logits[:, -1:].argmax(-1)], 1)
    answers = []
    for row, table, sentence in zip(written[:, 1:].tolist(), weights, sentences, strict=True):
        words = tuple(english[number] for number in (row[: row.index(2)] if 2 in row else row))
        answers.append((words, table[: len(words), : len(sentence)]))
    return answers


def train_translator(pairs: Sequence[SentencePair], seed: int, steps: int) -> Translator:
    """Give it German and the English so far, let it guess the next word; partners stay secret."""
    torch.manual_seed(seed)
    model = Translator(pairs)
    texts = [(EXTRA_WORDS[1], *pair.english, EXTRA_WORDS[2]) for pair in pairs]
    german = word_ids(model.vocabularies[0], [pair.german for pair in pairs])
    english = word_ids(model.vocabularies[1], texts)
    optimizer = torch.optim.AdamW(
        model.parameters(), TRANSLATOR["rate"], betas=(0.9, 0.98), fused=True
    )
    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: warm_up_and_decay(n, steps, 50))
    for _ in progress(range(steps), f"translator {seed}"):
        drawn = torch.randint(len(pairs), (TRANSLATOR["batch"],))
        logits, _ = model.write(english[drawn, :-1], *model.read(german[drawn]))
        loss = cross_entropy(logits.flatten(0, 1), english[drawn, 1:].flatten(), ignore_index=0)
        loss.backward()
        optimizer.step()
        plan.step()
        optimizer.zero_grad()
    return model.eval()


def load_translators() -> list[Translator]:
    """Load three translators that differ in their seed only; train them first if need be."""
    (pairs, _), seeds = toy_corpus(LESSONS, EXAM), range(TRANSLATOR["seeds"])

    def make() -> dict[str, Tensor]:
        with with_threads(TRANSLATOR["threads"]), torch.random.fork_rng(devices=[]):
            models = [train_translator(pairs, seed, TRANSLATOR["steps"]) for seed in seeds]
        return {f"{n}.{k}": w for n, m in enumerate(models) for k, w in m.state_dict().items()}

    made_from = repr((TRANSLATOR_VERSION, TRANSLATOR, pairs, torch.__version__))
    kept = kept_under("translators", made_from.encode(), make)
    models = [Translator(pairs).eval() for _ in seeds]
    for n, model in enumerate(models):
        model.load_state_dict({name: kept[f"{n}.{name}"] for name in model.state_dict()})
    return models


if __name__ == "__main__":
    models, (_, exam) = load_translators(), toy_corpus(LESSONS, EXAM)
    exact = []
    for model in models:
        answers = translate(model, [pair.german for pair in exam])
        right = sum(said == pair.english for (said, _), pair in zip(answers, exam, strict=True))
        exact.append(round(right / EXAM, 2))
    parameters = sum(weight.numel() for weight in models[0].parameters())
    print(f"{parameters:,} parameters; right of {EXAM} unseen sentences, by seed: {exact}")
    said = []
    for german in ("den Mann hat der Hund gebissen", "der Mann hat den Hund gebissen"):
        answers = {" ".join(translate(model, [german.split()])[0][0]) for model in models}
        said.append(" or ".join(sorted(answers)))
        print(f"{german}: {said[-1]}")
