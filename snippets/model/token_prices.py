"""The same question costs more tokens in some languages than in others.

Source: Petrov et al. (2023), "Language Model Tokenizers Introduce Unfairness Between Languages",
https://arxiv.org/abs/2305.15425; the sentences are ours.
"""

from snippets.model.smollm2_tokenizer import load_tokenizer

QUESTIONS = {
    "English": "Hello, how are you today?",
    "German": "Hallo, wie geht es dir heute?",
    "French": "Bonjour, comment vas-tu aujourd'hui ?",
    "Chinese": "\u4f60\u597d\uff0c\u4f60\u4eca\u5929\u600e\u4e48\u6837\uff1f",
    "Russian": "\u041f\u0440\u0438\u0432\u0435\u0442, \u043a\u0430\u043a \u0443 "
    "\u0442\u0435\u0431\u044f \u0434\u0435\u043b\u0430 \u0441\u0435\u0433\u043e\u0434\u043d\u044f?",
    "Hindi": "\u0928\u092e\u0938\u094d\u0924\u0947, \u0906\u091c \u0906\u092a "
    "\u0915\u0948\u0938\u0947 \u0939\u0948\u0902?",
}

if __name__ == "__main__":
    import matplotlib.pyplot as plt

    tokenizer = load_tokenizer()
    count = {language: len(tokenizer.encode(text)) for language, text in QUESTIONS.items()}
    ratio = {language: round(tokens / count["English"], 1) for language, tokens in count.items()}
    for language, tokens in count.items():
        letters = len(QUESTIONS[language])
        print(
            f"{language:8} {letters:3} characters, {tokens:3} tokens, {ratio[language]:.1f} times"
        )

    figure, ax = plt.subplots(figsize=(6.4, 2.6))
    bars = ax.barh(list(count), list(count.values()))
    ax.bar_label(bars, padding=4)
    ax.invert_yaxis()
    ax.set(title="One question, six prices", xlabel="tokens of SmolLM2")
    plt.show()
