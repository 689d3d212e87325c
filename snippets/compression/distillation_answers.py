"""Answers to the exercises of the chapter on distillation.

Source: Hinton, Vinyals and Dean (2015), section 2, https://arxiv.org/abs/1503.02531
"""

import torch

from snippets.compression.dark_knowledge import soften
from snippets.compression.phone_memory import largest_model
from snippets.compression.soft_targets import soft_target_loss
from snippets.compression.two_divergences import divergence

if __name__ == "__main__":
    teacher, student = torch.tensor([[3.0, 1.0]]), torch.tensor([[0.0, 0.0]])
    plain, soft = (round(float(soften(teacher, t)[0, 0]), 3) for t in (1, 2))
    loss = round(float(soft_target_loss(student, teacher, 2)), 3)
    print(f"1. {plain} becomes {soft} at T = 2; the loss of an ignorant student is {loss}")

    fair, sure = torch.tensor([0.5, 0.5]), torch.tensor([0.999, 0.001])
    forward, reverse = (
        round(float(divergence(fair, sure)), 2),
        round(float(divergence(sure, fair)), 2),
    )
    print(f"2. forward {forward}, reverse {reverse} nats")

    billions = {bits: round(largest_model(2, bits) / 1e9, 1) for bits in (16, 4.5, 2.25)}
    for bits, fit in billions.items():
        print(f"3. into 2 GB fit {fit} billion weights of {bits} bits")
