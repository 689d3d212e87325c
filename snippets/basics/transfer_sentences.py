"""The same race on sentences from two manuals, where counting words catches up.

Source: the docstrings of numpy and of torch.nn and torch.optim (both BSD), read where they stand
"""

from snippets.basics.manual_sentences import manual_sentences, split_by_function
from snippets.basics.picture_names import split_evenly
from snippets.basics.transfer_learning import TRANSFER_SEEDS, WAYS, Task, draw_shares
from snippets.model.minilm import load_minilm_parts
from snippets.retrieval.docstrings import docstring_corpus
from snippets.tools.progress import progress

SENTENCE_EXAMPLES = (8, 32, 128, 512)
TRAINED_AT = 128  # where we train whole networks too: it takes a while

if __name__ == "__main__":
    import matplotlib.pyplot as plt

    parts = load_minilm_parts()
    pool, exam = split_by_function(manual_sentences(docstring_corpus()))
    plan = {way: SENTENCE_EXAMPLES for way in ("counting", "frozen")}
    plan |= {way: (TRAINED_AT,) for way in ("fresh", "full")}
    right = {way: [] for way in plan}
    for seed in progress(TRANSFER_SEEDS, "seeds"):
        examples, _ = split_evenly(pool, SENTENCE_EXAMPLES[-1], 2, seed)
        task = Task(parts, examples, exam, seed)
        for way, sizes in plan.items():
            right[way].append([round(task.share_right(way, size), 2) for size in sizes])
    mean = {way: [sum(n) / 3 for n in zip(*three, strict=True)] for way, three in right.items()}
    for way, sizes in plan.items():
        told = ", ".join(f"{share:.0%} with {n}" for n, share in zip(sizes, mean[way], strict=True))
        print(f"{WAYS[way]:>24}: {told}")
    lead = round(100 * (mean["frozen"][1] - mean["counting"][1]))
    questions = len(exam)
    two = [f"{'networks' if label else 'arrays'}: {text}" for text, label in exam[8:10]]
    print("\n".join([f"{questions} sentences in the exam, such as", *two]))

    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    for way, sizes in plan.items():
        draw_shares(ax, sizes, right[way], WAYS[way])
    ax.set_xticks(SENTENCE_EXAMPLES, [str(size) for size in SENTENCE_EXAMPLES])
    ax.set(title="Arrays or networks?", ylim=(45, 90))
    ax.legend(loc="lower right")
    plt.show()
