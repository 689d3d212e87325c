"""Answers to the exercises on pollution.

Sources: Shumailov et al. (2024), https://doi.org/10.1038/s41586-024-07566-y; Bayes' rule
"""

import torch

from snippets.ecosystem.how_many_questions import questions_needed
from snippets.ecosystem.photocopies import typical_spread
from snippets.ecosystem.vanishing_words import expected_kinds

if __name__ == "__main__":
    lonely = torch.tensor([3, 1, 1, 1])
    kinds_kept = expected_kinds(lonely, 6)
    print(f'1. "a a a b c d" copied: {kinds_kept:.2f} of 4 kinds are expected to survive')

    half_after = next(g for g in range(1, 1000) if typical_spread(10, g) <= 0.5)
    half_after_100 = next(g for g in range(1, 1000) if typical_spread(100, g) <= 0.5)
    print(f"2. half of the spread is gone after {half_after} fits of 10 numbers, "
          f"{half_after_100} fits of 100")  # fmt: skip

    leaked, innocent, alarm_rate = 10, 990, 0.05
    false_alarms = alarm_rate * innocent
    true_share = leaked / (leaked + false_alarms)
    print(f"3. {leaked} true alarms and {false_alarms:.1f} false ones: {true_share:.0%} are true")

    for_one_point = questions_needed(0.90, 0.91)
    print(f"4. 90 % against 91 %: {for_one_point:,} questions")
