"""What a model is taught about sums and about everything else, and what it is examined in.

Source: written for this book, before the first training
"""

PHRASINGS = (
    "What is {a} {sign} {b}?",
    "Calculate {a} {sign} {b}.",
    "How much is {a} {sign} {b}?",
    "{a} {sign} {b} =",
    "Please work out {a} {sign} {b}.",
    "Tell me the result of {a} {sign} {b}.",
)
NEW_PHRASINGS = (  # never trained on
    "Can you compute {a} {sign} {b} for me?",
    "I need to know {a} {sign} {b}.",
    "If I take {a} {sign} {b}, what do I get?",
    "Quick: {a} {sign} {b}!",
)
OTHER_QUESTIONS = (
    ("What is the capital of Italy?", "The capital of Italy is Rome."),
    ("Who wrote Hamlet?", "William Shakespeare wrote Hamlet."),
    ("What colour is grass?", "Grass is green."),
    ("How do you say hello in French?", "Hello in French is bonjour."),
    ("Name a fruit.", "An apple is a fruit."),
    ("What is the opposite of hot?", "The opposite of hot is cold."),
    ("Which animal barks?", "A dog barks."),
    ("Tell me a season of the year.", "Winter is a season of the year."),
)
NEW_OTHER_QUESTIONS = (  # never trained on
    "What is the capital of Spain?",
    "Who painted the Mona Lisa?",
    "What colour is the sky?",
    "How do you say goodbye in Spanish?",
    "Name a vegetable.",
    "What is the opposite of big?",
    "Which animal gives us milk?",
    "Tell me a day of the week.",
)
