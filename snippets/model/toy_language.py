"""A toy German with its English: word order by rule, and so the true partner of every word.

Source: main clauses of German in the perfect tense. What they say need not make sense, so nothing
can be guessed from what is plausible.
"""

import random
from dataclasses import dataclass

NOUNS = {  # gender and English; the last three never do anything
    "Mann": ("m", "man"), "Hund": ("m", "dog"), "Koch": ("m", "cook"),
    "Frau": ("f", "woman"), "Katze": ("f", "cat"), "Kind": ("n", "child"),
    "Brief": ("m", "letter"), "Suppe": ("f", "soup"), "Buch": ("n", "book"),
}  # fmt: skip
PRONOUNS = {"ich habe": "I", "wir haben": "we", "er hat": "he", "sie hat": "she",
            "sie haben": "they"}  # fmt: skip
ARTICLES = {  # of who acts and of whom it hits, then the ending of an adjective for each
    ("m", "the"): ("der", "den", "e", "en"), ("m", "a"): ("ein", "einen", "er", "en"),
    ("f", "the"): ("die", "die", "e", "e"), ("f", "a"): ("eine", "eine", "e", "e"),
    ("n", "the"): ("das", "das", "e", "e"), ("n", "a"): ("ein", "ein", "es", "es"),
}  # fmt: skip
ADJECTIVES = {"big": "groß", "red": "rot", "small": "klein"}
VERBS = {  # plain, past, and what a dictionary says
    "gebissen": ("bite", "bit", "bitten"), "gelesen": ("read", "read", "read"),
    "gemalt": ("paint", "painted", "painted"), "gesehen": ("see", "saw", "seen"),
    "gesucht": ("look for", "looked for", "sought"),
}  # fmt: skip
TIMES = {"gestern": "yesterday", "heute": "today"}
PLACES = ("im", "im", "neben dem", "neben einem", "hinter dem", "hinter einem")
PLACE_WORDS = {"im": "in the", "neben": "beside", "hinter": "behind", "dem": "the", "einem": "a",
               "Garten": "garden", "Haus": "house"}  # fmt: skip
SMALL_WORDS = {"habe": "have", "hat": "has", "haben": "have", "nicht": "not", "im": "in-the",
               "ich": "I", "wir": "we", "er": "he", "sie": "she/they"}  # fmt: skip
NEVER_TRAINED = {"Mann", "Hund", "gebissen"}  # no sentence of the corpus holds all three


@dataclass(frozen=True)
class SentencePair:
    """A German sentence, its English, and the place of each English word's German partner."""

    german: tuple[str, ...]
    english: tuple[str, ...]
    partners: tuple[int, ...]


def noun_phrase(phrase: str, role: str) -> tuple[dict[str, str], dict[str, str]]:
    """Say "the small Hund" in German and in English, each word under the name of its part."""
    article, *adjective, noun = phrase.split()
    gender, english = NOUNS.get(noun, ("", ""))
    if (gender, article) not in ARTICLES:
        raise ValueError(f"wanted a phrase such as 'the small Hund', got {phrase!r}")
    form, ending = ARTICLES[gender, article][role == "hit" :: 2]
    parts = [f"{role}: {part}" for part in ("article", *["adjective"] * len(adjective), "noun")]
    german = [form, *(ADJECTIVES[word] + ending for word in adjective), noun]
    texts = german, [article, *adjective, english]
    return tuple(dict(zip(parts, words, strict=True)) for words in texts)


def make_pair(actor: str, verb: str, hit: str, first="actor", when="", where="", negated=False):
    """Say in both languages who did what to whom.

    The actor is such as "the small Hund" or a key of PRONOUNS, the verb a key of VERBS, and hit
    such as "a red Suppe". "actor", "hit" or "when" comes first in German. Optional: when, a key of
    TIMES; where, such as "im Garten"; negated, if it did not happen.
    """
    if actor in PRONOUNS:
        pronoun, have = actor.split()
        acts, who = {"acts": pronoun}, {"acts": PRONOUNS[actor]}
    else:
        (acts, who), have = noun_phrase(actor, "acts"), "hat"
    struck, whom = noun_phrase(hit, "hit")
    time, place = {"when": when} if when else {}, {word: word for word in where.split()}
    opening, nicht = {"actor": acts, "hit": struck, "when": time}[first], {"not": "nicht"}
    german = opening | {"have": have} | acts | time | struck  # what stands already stays in place
    german |= (nicht if negated else {}) | place | {"verb": verb}

    then, did_not = {part: TIMES[when] for part in time}, {"not": "did not"}
    told = (then if first == "when" else {}) | who | (did_not if negated else {})
    told |= {"verb": VERBS[verb][0 if negated else 1]} | whom
    told |= {word: PLACE_WORDS[word] for word in place} | then
    english = [(word, part) for part, words in told.items() for word in words.split()]
    places = {part: number for number, part in enumerate(german)}
    words, parts = zip(*english, strict=True)
    return SentencePair(tuple(german.values()), words, tuple(places[part] for part in parts))


def draw_pair(chance: random.Random) -> SentencePair:
    """Draw a sentence; who is hit comes first only where an ending tells who is who."""
    actor = chance.choice([*PRONOUNS, *[*NOUNS][:6], *[*NOUNS][:6]])
    hit = chance.choice([noun for noun in NOUNS if noun != actor])
    told = actor[:3] in ("ich", "wir", "er ") or "m" in {NOUNS.get(n, "f")[0] for n in (actor, hit)}
    when = chance.choice(["", *TIMES])
    first = chance.choice(["actor", "hit" if told else "actor", "when" if when else "actor"])
    actor, hit = (
        noun if noun in PRONOUNS else f"{chance.choice(['the', 'the', 'a'])} {adjective} {noun}"
        for noun, adjective in ((n, chance.choice(["", "", *ADJECTIVES])) for n in (actor, hit))
    )
    where = f"{chance.choice(PLACES)} {chance.choice(['Garten', 'Haus'])}"
    where, negated = chance.choice(["", where]), chance.random() < 0.3
    return make_pair(actor, chance.choice([*VERBS]), hit, first, when, where, negated)


def toy_corpus(n_train: int, n_held_out: int) -> tuple[list[SentencePair], list[SentencePair]]:
    """Draw different sentences, some to learn from and others to be asked about."""
    chance, pairs = random.Random(0), {}
    while len(pairs) < n_train + n_held_out:
        pair = draw_pair(chance)
        if not set(pair.german) >= NEVER_TRAINED:
            pairs[pair.german] = pair
    drawn = list(pairs.values())
    return drawn[:n_train], drawn[n_train:]


def word_by_word(german: tuple[str, ...]) -> str:
    """Look up every word by itself, as if order and endings said nothing."""
    book = {form: english for (_, english), forms in ARTICLES.items() for form in forms[:2]}
    book |= {
        word + e: english for english, word in ADJECTIVES.items() for e in ("e", "en", "er", "es")
    }
    book |= {word: english for word, (_, english) in NOUNS.items()} | TIMES | PLACE_WORDS
    book |= {word: forms[2] for word, forms in VERBS.items()} | SMALL_WORDS
    return " ".join(book[word] for word in german)


def moved_words(partners: tuple[int, ...]) -> list[bool]:
    """Say for each English word whether the line to its partner crosses another word's line."""
    places = list(enumerate(partners))
    return [any((i - j) * (p - q) < 0 for j, q in places) for i, p in places]


if __name__ == "__main__":
    examples = [
        make_pair("the Hund", "gebissen", "the Mann", first="hit"),
        make_pair("the Mann", "gebissen", "the Hund"),
        make_pair("ich habe", "gelesen", "the Buch", first="when", when="gestern"),
        make_pair("sie haben", "gesucht", "a red Katze", when="heute", where="im Garten"),
        make_pair("the small Koch", "gemalt", "a Brief", negated=True),
    ]
    rows = []
    for pair in examples:
        row = {"german": " ".join(pair.german), "literal": word_by_word(pair.german)}
        rows.append(row | {"english": " ".join(pair.english)})
        print(*rows[-1].values(), f"partners {pair.partners}", sep="\n   ")
    lessons, exam = toy_corpus(6000, 500)
    words = {
        name: len({word for pair in lessons for word in getattr(pair, name)})
        for name in ("german", "english")
    }
    moved = [flag for pair in lessons for flag in moved_words(pair.partners)]
    moved_share = round(sum(moved) / len(moved), 2)
    print(f"{len(lessons)} sentences, {words}; {moved_share:.0%} of the English words moved")
