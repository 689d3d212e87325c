"""Draw who teaches whom: the stages of learning from preferences, and two shortcuts.

Source: Ouyang et al. (2022), figure 2, https://arxiv.org/abs/2203.02155 (its three steps); the
shortcuts as in dpo.py and grpo.py
"""

from snippets.model.tiny import RECIPE
from snippets.training.facts_preferences import INSTRUCT_GPT
from snippets.training.preference_songs import SINGER_BATCH, SINGER_STEPS
from snippets.training.reward_model import PAIRS

BOXES = {
    "base model": (0.0, 2.0),
    "singer (SFT),\nalso the reference": (3.0, 2.0),
    "policy": (6.0, 2.0),
    "judge\n(reward model)": (4.3, 0.4),
    "comparisons\nby people": (1.9, 0.4),
    "checker\n(a program)": (6.9, 0.4),
}
ARROWS = (  # from, to, what it does, where the words stand, whether it is a shortcut
    ("base model", "singer (SFT),\nalso the reference", "demonstrations", (1.22, 2.2), False),
    ("singer (SFT),\nalso the reference", "policy", "start, and KL", (4.9, 2.2), False),
    ("singer (SFT),\nalso the reference", "comparisons\nby people", "pairs", (2.15, 1.25), False),
    ("comparisons\nby people", "judge\n(reward model)", "labels", (3.0, 0.2), False),
    ("judge\n(reward model)", "policy", "scores", (5.5, 1.0), False),
    ("comparisons\nby people", "policy", "DPO", (3.75, 1.35), True),
    ("checker\n(a program)", "policy", "GRPO", (6.85, 1.25), True),
)


def draw_stages(ax) -> None:
    """Draw boxes for what there is, and an arrow for each thing that one gives another."""
    drawn = {}
    for name, (x, y) in BOXES.items():
        edge = "C1" if "checker" in name else "C0"
        box = {"boxstyle": "round,pad=0.4", "facecolor": "none", "edgecolor": edge}
        drawn[name] = ax.text(x, y, name, ha="center", va="center", bbox=box)
    for start, end, words, (x, y), shortcut in ARROWS:
        look = {"arrowstyle": "->", "color": "C1" if shortcut else "C0", "shrinkA": 1,
                "shrinkB": 2, "linestyle": "--" if shortcut else "-",
                "patchA": drawn[start].get_bbox_patch(),
                "patchB": drawn[end].get_bbox_patch()}  # fmt: skip
        ax.annotate("", BOXES[end], BOXES[start], arrowprops=look)
        ax.text(x, y, words, ha="center", va="center", fontsize=9)
    ax.set(xlim=(-0.8, 7.6), ylim=(-0.1, 2.6))
    ax.set_axis_off()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    ours = (RECIPE.steps * RECIPE.batch * RECIPE.window, SINGER_STEPS * SINGER_BATCH, PAIRS)
    theirs = ("the web", INSTRUCT_GPT.shown, INSTRUCT_GPT.compared, INSTRUCT_GPT.sung)
    read, shown, compared = ours
    print(f"Tiny read {read:,} characters, then {shown:,} lines, then {compared} comparisons")
    print(f"InstructGPT: {theirs[1]:,} prompts shown, {theirs[2]:,} compared, {theirs[3]:,} tried")
    figure, ax = plt.subplots(figsize=(7.2, 3.0))
    draw_stages(ax)
    ax.set_title("Who teaches whom")
    plt.show()
