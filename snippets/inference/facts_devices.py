"""What four accelerators can do at most, each with source and date.

Dense 16-bit operations per second: data sheets for the H100 and later print twice that, with an
asterisk that says "with sparsity". Gigabytes are decimal, as on the box.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accelerator:
    """Peak rates of one accelerator: `flops` in FLOP/s (dense, 16 bit), `bandwidth` in byte/s."""

    name: str
    flops: float
    bandwidth: float
    memory_bytes: float
    source: str
    seen: str


_NVIDIA = "https://www.nvidia.com/en-us/data-center/"
_SEEN_ON = "2026-11-22"

A100_40GB = Accelerator(
    "A100 40 GB",
    312e12,
    1.555e12,
    40e9,
    "https://glennklockwood.com/garden/processors/A100",
    _SEEN_ON,
)
A100_80GB = Accelerator("A100 80 GB SXM", 312e12, 2.039e12, 80e9, _NVIDIA + "a100/", _SEEN_ON)
H100_SXM = Accelerator("H100 SXM", 989.4e12, 3.35e12, 80e9, _NVIDIA + "h100/", _SEEN_ON)
H200_SXM = Accelerator("H200 SXM", 989.4e12, 4.8e12, 141e9, _NVIDIA + "h200/", _SEEN_ON)

ACCELERATORS = (A100_40GB, A100_80GB, H100_SXM, H200_SXM)

# What deviceQuery said of one "40 GB" A100; drivers differ in how much they keep for themselves:
# https://upb-pc2.atlassian.net/wiki/spaces/PC2DOK/pages/1900609, seen 2026-11-22
A100_40GB_REPORTED_BYTES = 42_405_855_232

if __name__ == "__main__":
    for chip in ACCELERATORS:
        rates = f"{chip.flops / 1e12:.0f} TFLOP/s, {chip.bandwidth / 1e12:.3f} TB/s"
        print(f"{chip.name:15} {rates}, {chip.memory_bytes / 1e9:.0f} GB  {chip.source}")
    reported_gb = A100_40GB_REPORTED_BYTES / 1e9
    reported_gib = A100_40GB_REPORTED_BYTES / 2**30
    gib_extra_percent = 100 * (2**30 / 1e9 - 1)
    print(f"a '40 GB' card reports {reported_gb:.2f} GB, which is {reported_gib:.2f} GiB")
