"""Pairs of everyday opposites and words of praise and blame, fixed before the first run.

Source: common knowledge, written down by us; every answer is one token of SmolLM2, so that no
option is favoured for being short
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Opposite:
    """A word and what is meant by its opposite."""

    word: str
    opposite: str
    source: str = "common knowledge"
    seen: date = date(2026, 11, 28)


@dataclass(frozen=True)
class Verdict:
    """A word, and whether it says something good of what it is said of."""

    word: str
    good: bool
    source: str = "common knowledge"
    seen: date = date(2026, 11, 28)


_PAIRS = """
up down, left right, open closed, fast slow, rich poor, light dark, hard soft, young old,
full empty, strong weak, wet dry, high low, long short, good bad, true false, alive dead,
first last, love hate, inside outside, win lose, north south, east west, day night, summer winter,
black white, man woman, boy girl, king queen, father mother, brother sister, husband wife,
son daughter, uncle aunt, yes no, buy sell, give take, push pull, come go, arrive leave, begin end,
remember forget, ask answer, laugh cry, sit stand, send receive, borrow lend, teach learn,
float sink, raise lower, rise fall, increase decrease, accept reject, attack defend, build destroy,
create delete, add subtract, multiply divide, import export, include exclude, expand contract,
maximum minimum, major minor, positive negative, public private, early late, near far, above below,
over under, before after, always never, everything nothing, everyone nobody, many few, more less,
better worse, best worst, clean dirty, wide narrow, deep shallow, thick thin, rough smooth,
sharp blunt, hot cold, warm cool, sweet bitter, loud quiet, noisy silent, brave afraid, kind cruel,
polite rude, wise foolish, clever stupid, happy sad, calm angry, proud ashamed, friend enemy,
war peace, hero villain, success failure, profit loss, victory defeat, truth lie, problem solution,
cause effect, heaven hell, angel devil, life death, birth burial, beginning ending, entrance exit,
ceiling floor, top bottom, front back, head tail, odd even, single married, guilty innocent,
legal illegal, possible impossible, visible invisible, active passive, ancient modern,
simple complex, easy difficult, cheap expensive, safe dangerous, healthy sick, awake asleep,
absent present, present past, permanent temporary, natural artificial, real fake, wild tame,
urban rural, domestic foreign, local global, broad specific, vertical horizontal,
internal external, senior junior, teacher student, doctor patient, seller buyer, parent child,
predator prey, writer reader, plus minus
"""
_GOOD = """
wonderful excellent lovely delightful superb brilliant charming beautiful cheerful generous honest
friendly joyful fantastic amazing marvelous magnificent gorgeous perfect splendid pleasant kind
loyal gentle helpful talented heroic inspiring elegant graceful fabulous awesome admirable loving
grateful happy glorious fresh delicious tasty trustworthy sincere warm brave wise clever radiant
fair noble faithful peaceful thrilling stunning remarkable outstanding great good nice fun healthy
lucky smart caring polite refreshing worthy proud victorious creative enjoyable
"""
_BAD = """
terrible awful horrible disgusting dreadful nasty cruel ugly stupid greedy dishonest hostile
miserable pathetic boring painful evil vicious rude dirty filthy broken useless worthless corrupt
toxic violent selfish lazy arrogant hateful bitter angry sad gloomy tragic disastrous rotten stale
poisonous fraudulent fake cold cowardly foolish dull bleak unfair brutal treacherous annoying
ridiculous shameful inferior mediocre bad poor sick unlucky horrific abusive careless offensive
sinister jealous ruined guilty deadly dangerous creepy
"""

OPPOSITES = tuple(Opposite(*pair.split()) for pair in _PAIRS.replace("\n", " ").strip().split(", "))
VERDICTS = tuple(
    Verdict(word, good) for words, good in ((_GOOD, True), (_BAD, False)) for word in words.split()
)
