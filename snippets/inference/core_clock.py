"""Seconds that one core worked for us: a clock that stops while other programs have the core.

Source: Python, `time.thread_time`, https://docs.python.org/3/library/time.html
"""

from time import sleep, thread_time

from snippets.tools.stopwatch import Work, in_turns


def core_seconds(works: dict[str, Work], rounds: int) -> dict[str, float]:
    """Do several kinds of work in turns, and give for each the fewest seconds that the core worked.

    Args:
        works: What to do, in this thread alone: what helpers do is not seen.
        rounds: How often to do all of it.

    Raises:
        ValueError: If rounds is below 1.
    """
    return in_turns(works, rounds, clock=thread_time)


if __name__ == "__main__":
    asleep = core_seconds({"sleep": lambda: sleep(0.2)}, rounds=1)["sleep"]
    print(f"a nap of 0.2 seconds took less than 0.05 of them: {asleep < 0.05}")
