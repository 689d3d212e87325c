"""Questions about PyTorch and NumPy whose answers stand in one place of one docstring.

Source: written by hand for this book on 2026-11-28, before the first run, and not edited since;
`evidence` is copied from the docstrings of torch 2.13.0 and numpy 2.4.6
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class DefaultQuestion:
    """A question, the entry and the words that answer it, and every right spelling."""

    question: str
    entry: str
    evidence: str
    accepted: tuple[str, ...]

    def stands_in(self, passage: str) -> bool:
        """Say whether a passage is from the right entry and holds the words that answer it."""
        words = re.escape(self.evidence)
        found = re.search(rf"{words}(?!\d|\.\d)", passage)
        return passage.startswith(f"{self.entry}:") and found is not None


DEFAULT_QUESTIONS = (
    DefaultQuestion(
        "What is the default negative_slope of LeakyReLU?",
        "torch.nn.LeakyReLU",
        "Default: 1e-2",
        ("1e-2", "0.01"),
    ),
    DefaultQuestion(
        "What is the default momentum of BatchNorm2d?",
        "torch.nn.BatchNorm2d",
        "Default: 0.1",
        ("0.1",),
    ),
    DefaultQuestion(
        "What is the default p of Dropout?", "torch.nn.Dropout", "Default: 0.5", ("0.5",)
    ),
    DefaultQuestion(
        "What is the default alpha of ELU?", "torch.nn.ELU", "Default: 1.0", ("1.0", "1")
    ),
    DefaultQuestion(
        "What is the default norm_type of clip_grad_norm_?",
        "torch.nn.utils.clip_grad_norm_",
        "Default: 2.0",
        ("2.0", "2"),
    ),
    DefaultQuestion(
        "What is the default gamma of StepLR?",
        "torch.optim.lr_scheduler.StepLR",
        "Default: 0.1",
        ("0.1",),
    ),
    DefaultQuestion(
        "What is the default threshold of Softplus?", "torch.nn.Softplus", "Default: 20", ("20",)
    ),
    DefaultQuestion(
        "What is the default nhead of Transformer?", "torch.nn.Transformer", "(default=8)", ("8",)
    ),
    DefaultQuestion(
        "What is the default dim_feedforward of Transformer?",
        "torch.nn.Transformer",
        "(default=2048)",
        ("2048",),
    ),
    DefaultQuestion(
        "What is the default d_model of Transformer?",
        "torch.nn.Transformer",
        "(default=512)",
        ("512",),
    ),
    DefaultQuestion(
        "What is the default lr of RMSprop?",
        "torch.optim.RMSprop",
        "learning rate (default: 1e-2)",
        ("1e-2", "0.01"),
    ),
    DefaultQuestion(
        "What is the default alpha of RMSprop?",
        "torch.optim.RMSprop",
        "smoothing constant (default: 0.99)",
        ("0.99",),
    ),
    DefaultQuestion(
        "What is the default lr of Adam?",
        "torch.optim.Adam",
        "learning rate (default: 1e-3)",
        ("1e-3", "0.001"),
    ),
    DefaultQuestion(
        "What is the default eps of Adagrad?",
        "torch.optim.Adagrad",
        "numerical stability (default: 1e-10)",
        ("1e-10",),
    ),
    DefaultQuestion(
        "What is the default weight_decay of AdamW?",
        "torch.optim.AdamW",
        "weight decay coefficient (default: 1e-2)",
        ("1e-2", "0.01"),
    ),
    DefaultQuestion(
        "What is the default eps of GroupNorm?",
        "torch.nn.GroupNorm",
        "Default: 1e-5",
        ("1e-5", "0.00001"),
    ),
    DefaultQuestion(
        "What is the default base of logspace?",
        "torch.logspace",
        "Default: ``10.0``",
        ("10.0", "10"),
    ),
    DefaultQuestion(
        "What is the default num of linspace?", "numpy.linspace", "Default is 50", ("50",)
    ),
    DefaultQuestion(
        "What is the default mode of convolve?",
        "numpy.convolve",
        "By default, mode is 'full'",
        ("full",),
    ),
    DefaultQuestion(
        "What is the default number of bins of histogram?",
        "numpy.histogram",
        "(10, by default)",
        ("10",),
    ),
    DefaultQuestion(
        "What is the default norm of numpy.fft.fft?",
        "numpy.fft.fft",
        'Default is "backward"',
        ("backward",),
    ),
    DefaultQuestion(
        "What is the default max_val of Hardtanh?", "torch.nn.Hardtanh", "Default: 1", ("1",)
    ),
    DefaultQuestion(
        "What is the default method of numpy.quantile?",
        "numpy.quantile",
        "'linear' (default)",
        ("linear",),
    ),
    DefaultQuestion(
        "Which error is raised by numpy.linalg.inv if a is singular?",
        "numpy.linalg.inv",
        "a `LinAlgError` is raised",
        ("LinAlgError",),
    ),
)
