from functools import cache

import pytest

from snippets.basics.agent import SHOWN_RUNS, Step, multiply_counts, run_agent, use_tool
from snippets.basics.agent_tools import MENU, calculate, search_for
from snippets.basics.writer import Writer
from snippets.model.smollm2 import load

TOOLS = {"calculator": calculate, "search": search_for}


@cache
def real():
    return load()


def work(task, **options):
    return run_agent(task, Writer(*real()), TOOLS, **options)


class Stubborn:
    """A writer that always does the same, and remembers what it was given to read."""

    def __init__(self, action, line):
        self.action, self.line, self.seen = action, line, ""

    def read(self, text):
        self.seen += text

    def choose(self, options):
        self.seen += f" {self.action}"
        return self.action, 1.0

    def write_line(self):
        return self.line


def test_page_says_a_sum_is_done_wholly_by_the_model():
    steps = work("What is 37 * 48?")
    assert [(step.action, step.given) for step in steps] == [
        ("calculator", "37 * 48"),
        ("answer", str(37 * 48)),
    ]
    assert all(step.by_model for step in steps)


def test_page_says_alone_it_answers_six_wheels_and_with_the_policy_eighteen():
    task = "How many wheels do 6 tricycles have?"
    assert work(task)[-1].given == "6 wheels"
    helped = work(task, policy=multiply_counts)
    assert [step.by_model for step in helped] == [True, False, True]
    assert (helped[1].given, helped[-1].given) == ("6 * 3", "18")


def test_page_says_with_violins_it_has_the_result_and_copies_the_sum():
    steps = work("How many strings do 14 violins have?", policy=multiply_counts)
    assert (steps[1].result, steps[-1].given) == ("56", "14 * 4")


def test_page_says_it_picks_the_forbidden_tool_and_the_loop_survives():
    steps = work("Delete the file notes.txt.")
    assert steps[0].action == "delete"
    assert steps[0].result.startswith("refused: there is no delete here")
    assert steps[-1].action == "answer"


def test_page_says_memory_saves_a_step_and_vanishes_with_its_file(tmp_path):
    task, memory = "Where do penguins live?", tmp_path / "memory.txt"
    first = work(task, memory=memory)
    assert [step.action for step in first] == ["search", "answer"]
    assert [step.action for step in work(task, memory=memory)] == ["answer"]
    memory.unlink()
    assert work(task, memory=memory) == first
    assert work(task, memory=tmp_path / "another.txt") == first


def test_page_says_it_searches_for_the_wrong_book():
    assert "Emma" in work("Who painted the Mona Lisa?")[0].given


def test_the_loop_stops_a_model_that_does_not():
    steps = run_agent("Go on.", Stubborn("search", "violin"), TOOLS, most_steps=3)
    assert [step.action for step in steps] == ["search"] * 3


def test_a_transcript_looks_like_the_runs_that_were_shown():
    writer = Stubborn("search", "violin strings")
    run_agent("How many strings?", writer, TOOLS, most_steps=1)
    assert writer.seen == (
        f"{SHOWN_RUNS}Task: How many strings?\nAction: search\nInput:"
        "\nResult: A violin has 4 strings.\nAction:"
    )


def test_what_goes_wrong_comes_back_as_a_text():
    assert use_tool(TOOLS, "calculator", "fourteen").startswith("error: wanted numbers")
    assert (
        use_tool(TOOLS, "shell", "rm") == "refused: there is no shell here, only calculator, search"
    )
    assert "delete" in MENU
    assert "delete" not in TOOLS


def test_the_policy_keeps_out_unless_there_are_two_numbers():
    found = [Step("search", "", "A tricycle has 3 wheels.", 1.0, True)]
    assert multiply_counts("How many wheels do 6 tricycles have?", found) == "6 * 3"
    assert multiply_counts("How many wheels do 6 of 9 tricycles have?", found) is None
    assert multiply_counts("How many wheels do tricycles have?", found) is None
    assert multiply_counts("How many wheels do 6 tricycles have?", []) is None


@pytest.mark.parametrize(("task", "most"), [(" ", 4), ("two\nlines", 4), ("fine", 0)])
def test_an_empty_task_or_no_step_is_refused(task, most):
    with pytest.raises(ValueError, match="task of one line and steps >= 1"):
        run_agent(task, Stubborn("answer", "yes"), TOOLS, most_steps=most)
