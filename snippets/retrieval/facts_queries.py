"""Questions with known answers, for tuning: those with even numbers of 60, counted from 0.

Source: written by hand for this book on 2026-11-28, before the first run, and not edited since;
the answers were picked by reading the names and first lines of all entries
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownAnswer:
    """A question, and the names of all entries that answer it, parted by spaces."""

    question: str
    names: str


TUNING_QUESTIONS = (
    KnownAnswer(
        "running total of a list of numbers",
        "numpy.cumsum numpy.cumulative_sum numpy.ndarray.cumsum torch.cumsum",
    ),
    KnownAnswer("turn class numbers into rows with a single 1", "torch.nn.functional.one_hot"),
    KnownAnswer(
        "throw a coin for every element with its own probability of heads",
        "torch.Tensor.bernoulli torch.Tensor.bernoulli_ torch.bernoulli "
        "torch.distributions.Bernoulli",
    ),
    KnownAnswer("pile up arrays along a brand new axis", "numpy.stack torch.stack"),
    KnownAnswer(
        "save memory by computing activations again in the backward pass",
        "torch.utils.checkpoint.checkpoint torch.utils.checkpoint.checkpoint_sequential",
    ),
    KnownAnswer("put in an axis of length one", "numpy.expand_dims torch.unsqueeze"),
    KnownAnswer(
        "the middle one of the sorted numbers, leaving out missing ones",
        "numpy.nanmedian torch.nanmedian",
    ),
    KnownAnswer(
        "get the same random numbers every time I run my script",
        "numpy.random.RandomState.seed numpy.random.seed torch.Generator.manual_seed "
        "torch.manual_seed",
    ),
    KnownAnswer(
        "lay a curve of degree n through noisy points",
        "numpy.polyfit numpy.polynomial.polynomial.polyfit",
    ),
    KnownAnswer("values that occur in both arrays", "numpy.intersect1d"),
    KnownAnswer(
        "how many times does each integer occur",
        "numpy.bincount numpy.unique_counts torch.bincount",
    ),
    KnownAnswer("write several arrays into one zip file", "numpy.savez numpy.savez_compressed"),
    KnownAnswer(
        "average the weights of the last epochs to generalise better",
        "torch.optim.swa_utils.AveragedModel",
    ),
    KnownAnswer(
        "replace infinities and not-a-numbers by ordinary values",
        "numpy.nan_to_num torch.nan_to_num",
    ),
    KnownAnswer(
        "loss for speech recognition when nobody knows which sound stands where",
        "torch.nn.CTCLoss torch.nn.functional.ctc_loss",
    ),
    KnownAnswer(
        "do two vectors point the same way", "torch.cosine_similarity torch.nn.CosineSimilarity"
    ),
    KnownAnswer("the five largest entries and where they are", "torch.topk"),
    KnownAnswer(
        "mix up the order of the rows",
        "numpy.random.Generator.permutation numpy.random.Generator.permuted "
        "numpy.random.Generator.shuffle numpy.random.permutation numpy.random.shuffle",
    ),
    KnownAnswer(
        "normalise over the features of each example, not over the batch",
        "torch.nn.LayerNorm torch.nn.RMSNorm",
    ),
    KnownAnswer(
        "loss that forgives outliers: square when small, straight when large",
        "torch.nn.HuberLoss torch.nn.SmoothL1Loss torch.nn.functional.huber_loss "
        "torch.nn.functional.smooth_l1_loss",
    ),
    KnownAnswer(
        "run my own code whenever a layer has computed its output",
        "torch.nn.Module.register_forward_hook",
    ),
    KnownAnswer(
        "draw some examples more often than others", "torch.utils.data.WeightedRandomSampler"
    ),
    KnownAnswer("load batches in background processes", "torch.utils.data.DataLoader"),
    KnownAnswer("back from the spectrum to a real signal", "numpy.fft.irfft torch.fft.irfft"),
    KnownAnswer(
        "something like an inverse for a matrix that has none",
        "numpy.linalg.pinv torch.linalg.pinv",
    ),
    KnownAnswer(
        "which bin does each value fall into",
        "numpy.digitize numpy.searchsorted torch.bucketize torch.searchsorted",
    ),
    KnownAnswer(
        "check a derivative I wrote by hand against a numerical one", "torch.autograd.gradcheck"
    ),
    KnownAnswer("delete blanks at both ends of strings", "numpy.strings.strip"),
    KnownAnswer(
        "make pictures twice as large",
        "torch.nn.Upsample torch.nn.UpsamplingBilinear2d torch.nn.UpsamplingNearest2d "
        "torch.nn.functional.interpolate torch.nn.functional.upsample "
        "torch.nn.functional.upsample_bilinear torch.nn.functional.upsample_nearest",
    ),
    KnownAnswer(
        "area under a curve that I only know at some points",
        "numpy.trapezoid torch.cumulative_trapezoid torch.trapezoid",
    ),
)
