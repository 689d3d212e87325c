"""Questions with known answers, for reporting: those with odd numbers of 60.

Source: written by hand for this book on 2026-11-28, before the first run, and not edited since;
the answers were picked by reading the names and first lines of all entries
"""

from snippets.retrieval.facts_queries import KnownAnswer

REPORT_QUESTIONS = (
    KnownAnswer(
        "how do I stop gradients from exploding during training",
        "torch.nn.utils.clip_grad_norm torch.nn.utils.clip_grad_norm_ "
        "torch.nn.utils.clip_grad_value_ torch.nn.utils.clip_grads_with_norm_",
    ),
    KnownAnswer(
        "my loss became NaN, find out which operation did it",
        "torch.autograd.detect_anomaly torch.autograd.set_detect_anomaly",
    ),
    KnownAnswer("glue several arrays together along an axis they have", "numpy.concat torch.cat"),
    KnownAnswer(
        "lower the learning rate when the validation score stops getting better",
        "torch.optim.lr_scheduler.ReduceLROnPlateau",
    ),
    KnownAnswer(
        "get rid of axes of length one",
        "numpy.matrix.squeeze numpy.ndarray.squeeze numpy.squeeze torch.squeeze torch.squeeze_copy",
    ),
    KnownAnswer(
        "where is the biggest value",
        "numpy.argmax numpy.matrix.argmax numpy.ndarray.argmax torch.argmax",
    ),
    KnownAnswer(
        "switch off neurons by chance so that the network does not overfit",
        "torch.nn.Dropout torch.nn.functional.dropout",
    ),
    KnownAnswer(
        "best solution when there are more equations than unknowns",
        "numpy.linalg.lstsq torch.linalg.lstsq",
    ),
    KnownAnswer(
        "undo max pooling", "torch.nn.MaxUnpool1d torch.nn.MaxUnpool2d torch.nn.MaxUnpool3d"
    ),
    KnownAnswer("elements of the first array that the second lacks", "numpy.setdiff1d"),
    KnownAnswer("read a table with gaps in it from a text file", "numpy.genfromtxt"),
    KnownAnswer("use an array on disk that is too big for my memory", "numpy.memmap"),
    KnownAnswer("count working days between two dates", "numpy.busday_count"),
    KnownAnswer(
        "put sentences of different lengths into one rectangular batch",
        "torch.nested.to_padded_tensor torch.nn.utils.rnn.pad_sequence",
    ),
    KnownAnswer(
        "look up word vectors by word number", "torch.nn.Embedding torch.nn.functional.embedding"
    ),
    KnownAnswer("distances from all points of one set to all of another", "torch.cdist"),
    KnownAnswer(
        "take an image apart into overlapping patches",
        "numpy.lib.stride_tricks.sliding_window_view torch.nn.Unfold torch.nn.functional.unfold",
    ),
    KnownAnswer(
        "starting weights for layers followed by ReLU",
        "torch.nn.init.kaiming_normal torch.nn.init.kaiming_normal_ "
        "torch.nn.init.kaiming_uniform torch.nn.init.kaiming_uniform_",
    ),
    KnownAnswer(
        "usual loss for classification from raw scores",
        "torch.nn.CrossEntropyLoss torch.nn.functional.cross_entropy",
    ),
    KnownAnswer(
        "keep a tensor in the saved model although it is not trained",
        "torch.nn.Buffer torch.nn.Module.register_buffer",
    ),
    KnownAnswer(
        "cut away the smallest weights of a layer",
        "torch.nn.utils.prune.L1Unstructured torch.nn.utils.prune.L1Unstructured.apply "
        "torch.nn.utils.prune.l1_unstructured",
    ),
    KnownAnswer(
        "divide my data into a training part and a validation part by chance",
        "torch.utils.data.random_split",
    ),
    KnownAnswer(
        "how far apart are two probability distributions",
        "torch.distributions.kl_divergence torch.nn.KLDivLoss torch.nn.functional.kl_div",
    ),
    KnownAnswer("put the zero frequency in the middle", "numpy.fft.fftshift torch.fft.fftshift"),
    KnownAnswer(
        "log of a sum of exponentials without overflow", "torch.logsumexp torch.masked.logsumexp"
    ),
    KnownAnswer(
        "only predict, remember nothing for gradients", "torch.inference_mode torch.no_grad"
    ),
    KnownAnswer(
        "are two arrays of floats equal up to a tolerance",
        "numpy.allclose numpy.isclose numpy.testing.assert_allclose torch.allclose torch.isclose",
    ),
    KnownAnswer(
        "only the first letter big, all others small",
        "numpy.strings.capitalize numpy.strings.title",
    ),
    KnownAnswer(
        "freeze a model so that training leaves it alone", "torch.nn.Module.requires_grad_"
    ),
    KnownAnswer(
        "which of my operations take the most time",
        "torch.autograd.profiler.profile torch.profiler.profile",
    ),
)
