"""Eight passages that are everywhere, and eight in the same style, written for this book."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StylePair:
    """A famous passage (public domain, or a licence made to be copied), and one nobody has seen."""

    name: str
    famous: str
    fresh: str
    source: str


STYLE_PAIRS = (
    StylePair(
        "sonnet",
        "Shall I compare thee to a summer's day? Thou art more lovely and more temperate: Rough "
        "winds do shake the darling buds of May, And summer's lease hath all too short a date:",
        "Shall I repay thee with a winter's loaf? Thou art more hungry and more resolute: Cold "
        "ovens do offend the patient cook, And morning's bread hath all too thin a crust:",
        "Shakespeare, sonnet 18 (1609)",
    ),
    StylePair(
        "speech",
        "Four score and seven years ago our fathers brought forth on this continent, a new nation, "
        "conceived in Liberty, and dedicated to the proposition that all men are created equal.",
        "Two months and eleven days ago our neighbours carried up to this attic, a large piano, "
        "purchased in Haste, and committed to the conviction that all stairs are equally wide.",
        "Lincoln, Gettysburg (1863)",
    ),
    StylePair(
        "novel",
        "It is a truth universally acknowledged, that a single man in possession of a good "
        "fortune, must be in want of a wife.",
        "It is a rumour frequently repeated, that an elderly goat in possession of a warm "
        "kitchen, must be in charge of a village.",
        "Austen, Pride and Prejudice (1813)",
    ),
    StylePair(
        "licence",
        "Permission is hereby granted, free of charge, to any person obtaining a copy of this "
        "software and associated documentation files, to deal in the Software without restriction,",
        "Admission is hereby refused, save in winter, to any beekeeper bringing a jar of this "
        "honey and associated wooden spoons, to trade on the Ferry without a hat,",
        "MIT licence",
    ),
    StylePair(
        "scripture",
        "In the beginning God created the heaven and the earth. And the earth was without form, "
        "and void; and darkness was upon the face of the deep.",
        "In the evening Ruth repaired the ladder and the lamp. And the lamp was without oil, "
        "and cold; and silence was upon the roof of the barn.",
        "King James Bible (1611)",
    ),
    StylePair(
        "constitution",
        "We the People of the United States, in Order to form a more perfect Union, establish "
        "Justice, insure domestic Tranquility, provide for the common defence,",
        "We the Tenants of the Northern Stairwell, in Order to keep a more silent Landing, abolish "
        "Trumpets, reduce nightly Furniture, appeal to the nearest cellist,",
        "Constitution of the United States (1787)",
    ),
    StylePair(
        "nursery rhyme",
        "Twinkle, twinkle, little star, How I wonder what you are! Up above the world so high, "
        "Like a diamond in the sky.",
        "Grumble, grumble, tired train, How you linger in the rain! Down below the hills so wide, "
        "Like a badger that would hide.",
        "Jane Taylor (1806)",
    ),
    StylePair(
        "opening",
        "It was the best of times, it was the worst of times, it was the age of wisdom, it was the "
        "age of foolishness, it was the epoch of belief,",
        "It was the first of Mondays, it was the last of Mondays, it was the hour of turnips, it "
        "was the hour of marmalade, it was the minute of soup,",
        "Dickens, A Tale of Two Cities (1859)",
    ),
)

if __name__ == "__main__":
    for pair in STYLE_PAIRS:
        print(f"{pair.name}: {len(pair.famous)} and {len(pair.fresh)} characters ({pair.source})")
