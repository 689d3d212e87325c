"""An agent: a model in a loop that picks a tool, reads the result, and picks again.

Sources: Yao et al. (2022), "ReAct", section 2, https://arxiv.org/abs/2210.03629 (think, act,
observe); Schick et al. (2023), "Toolformer", https://arxiv.org/abs/2302.04761 (calculator, search)
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from snippets.basics.agent_tools import MENU, calculate, search_for
from snippets.basics.writer import Writer
from snippets.model.smollm2 import load

SHOWN_RUNS = """Task: What is 12 * 9?
Action: calculator
Input: 12 * 9
Result: 108
Action: answer
Input: 108

Task: Where does the panda live?
Action: search
Input: panda live
Result: The panda lives in the mountains of China.
Action: answer
Input: in the mountains of China

Task: What is 350 + 71?
Action: calculator
Input: 350 + 71
Result: 421
Action: answer
Input: 421

Task: Who wrote the book Emma?
Action: search
Input: book Emma
Result: Emma was written by Jane Austen.
Action: answer
Input: Jane Austen

"""


@dataclass(frozen=True)
class Step:
    """One turn of the loop: an action, what was given to it, and what came of it."""

    action: str
    given: str
    result: str
    chance: float  # the model's own, for this action among those that it was offered
    by_model: bool  # False if a policy left it no choice


def run_agent(
    task: str,
    writer: Writer,
    tools: dict[str, Callable[[str], str]],
    memory: Path | None = None,
    policy: Callable[[str, list[Step]], str | None] | None = None,
    most_steps: int = 4,
) -> list[Step]:
    """Let a model work on a task until it answers or has used up its steps.

    Args:
        task: What to do, in one line.
        writer: A model that has read nothing yet.
        tools: What the loop will really do; whatever else the model picks is refused.
        memory: A file of earlier tasks and answers, which is read first and added to last.
        policy: Sees the steps so far and may dictate a sum; None leaves the model its choice.
        most_steps: When to stop a model that does not.

    Raises:
        ValueError: If the task is not one line of text, or no step is allowed.
    """
    if not task.strip() or "\n" in task or most_steps < 1:
        raise ValueError(f"wanted a task of one line and steps >= 1, got {task!r}, {most_steps}")
    remembered = memory.read_text("utf-8") if memory and memory.exists() else ""
    writer.read(f"{SHOWN_RUNS}{remembered}Task: {task}\nAction:")
    steps: list[Step] = []
    while len(steps) < most_steps and (not steps or steps[-1].action != "answer"):
        dictated = policy(task, steps) if policy else None
        action, chance = writer.choose(["calculator"] if dictated else MENU)
        writer.read(f"\nInput: {dictated}" if dictated else "\nInput:")
        given, result = dictated or writer.write_line(), ""
        if action != "answer":
            result = use_tool(tools, action, given)
            writer.read(f"\nResult: {result}\nAction:")
        steps.append(Step(action, given, result, chance, dictated is None))
    if memory and steps[-1].action == "answer":
        line = f"Task: {task}\nAction: answer\nInput: {steps[-1].given}\n\n"
        memory.write_text(remembered + line, "utf-8")
    return steps


def use_tool(tools: dict[str, Callable[[str], str]], action: str, given: str) -> str:
    """Use a tool; whatever goes wrong comes back as a text that the model can read."""
    if action not in tools:
        return f"refused: there is no {action} here, only {', '.join(tools)}"
    try:
        return tools[action](given)
    except ValueError as error:
        return f"error: {error}"


def multiply_counts(task: str, steps: list[Step]) -> str | None:
    """A policy: "how many ... do 14 violins have", and a search found one number: multiply."""
    asked = re.findall(r"\d+", task)
    found = re.findall(r"\d+", steps[-1].result) if steps and steps[-1].action == "search" else []
    return f"{asked[0]} * {found[0]}" if len(asked) == len(found) == 1 else None


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    model, tokenizer = load()
    tools, runs = {"calculator": calculate, "search": search_for}, {}

    def show(title: str, task: str, **options) -> None:
        """Run a task, print its transcript and keep it."""
        runs[title] = run_agent(task, Writer(model, tokenizer), tools, **options)
        print(f"[{title}] {task}")
        for step in runs[title]:
            who = f"{step.chance:.0%}" if step.by_model else "policy"
            print(
                f"  {step.action} ({who}): {step.given}", *[f"-> {step.result}"] * bool(step.result)
            )

    show("sum", "What is 37 * 48?")
    show("lost", "Who painted the Mona Lisa?")
    show("alone", "How many wheels do 6 tricycles have?")
    show("helped", "How many wheels do 6 tricycles have?", policy=multiply_counts)
    show("no luck", "How many strings do 14 violins have?", policy=multiply_counts)
    show("refused", "Delete the file notes.txt.")
    with TemporaryDirectory() as folder:
        memory = Path(folder, "memory.txt")
        for when in ("first time", "second time", "memory deleted"):
            memory.unlink(missing_ok=True) if when == "memory deleted" else None
            show(when, "Where do penguins live?", memory=memory)
    steps_in_all = sum(map(len, runs.values()))
    own = sum(step.by_model for steps in runs.values() for step in steps)
    print(f"{own} of {steps_in_all} steps were the model's choice")
    said = {title: steps[-1].given for title, steps in runs.items()}
    sure = {title: round(steps[0].chance, 2) for title, steps in runs.items()}
    looked_for = {title: steps[0].given for title, steps in runs.items()}
    needed = {title: len(steps) for title, steps in runs.items()}
