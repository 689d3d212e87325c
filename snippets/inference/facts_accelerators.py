"""Peak rates of accelerators, format by format, each with source, date and how far to trust it.

Dense rates: data sheets print twice as much, for weights half of which are zero. "high": a maker's
data sheet says so; "medium": tables made by others, which agree; "low": they do not agree.
"""

from dataclasses import dataclass

from snippets.inference.facts_devices import A100_40GB, A100_80GB, H100_SXM, H200_SXM


@dataclass(frozen=True)
class CardPeak:
    """One card in one number format: FLOP/s (dense), byte/s, bytes per number."""

    name: str
    number: str
    flops: float
    bandwidth: float
    width: float
    trust: str
    source: str
    noted: str


_NOTED = "2026-11-28"
_CARDS = "https://www.nvidia.com/en-us/data-center/"
_GARDEN = "https://glennklockwood.com/garden/processors/"
_COMPARED = "https://datacrunch.io/blog/nvidia-b300-vs-b200-complete-gpu-comparison-to-date"
_MI300X = "https://www.amd.com/en/products/accelerators/instinct/mi300/mi300x.html"

A100_80GB_PCIE_BANDWIDTH = 1.935e12
MI300X_FLOPS, MI300X_BANDWIDTH = 1307.4e12, 5.3e12

CARD_PEAKS = (
    CardPeak("A100 40 GB", "bf16", A100_40GB.flops, A100_40GB.bandwidth, 2, "high",
             A100_40GB.source, A100_40GB.seen),
    CardPeak("A100 80 GB PCIe", "bf16", A100_80GB.flops, A100_80GB_PCIE_BANDWIDTH, 2, "high",
             _CARDS + "a100/", _NOTED),
    CardPeak("A100 80 GB SXM", "bf16", A100_80GB.flops, A100_80GB.bandwidth, 2, "high",
             A100_80GB.source, A100_80GB.seen),
    CardPeak("H100 SXM", "bf16", H100_SXM.flops, H100_SXM.bandwidth, 2, "high",
             H100_SXM.source, H100_SXM.seen),
    CardPeak("H100 SXM", "fp8", 1978.9e12, H100_SXM.bandwidth, 1, "high",
             _GARDEN + "h100", _NOTED),
    CardPeak("H200 SXM", "bf16", H200_SXM.flops, H200_SXM.bandwidth, 2, "high",
             H200_SXM.source, H200_SXM.seen),
    CardPeak("MI300X", "bf16", MI300X_FLOPS, MI300X_BANDWIDTH, 2, "medium", _MI300X, _NOTED),
    CardPeak("B200", "bf16", 2.25e15, 8e12, 2, "medium", _GARDEN + "B200", _NOTED),
    CardPeak("B300", "fp8", 4.5e15, 8e12, 1, "low", _COMPARED, _NOTED),
    CardPeak("B300", "fp4", 14e15, 8e12, 0.5, "low", _COMPARED, _NOTED),
)  # fmt: skip

B200_LOWER_BANDWIDTH = 7.7e12  # _COMPARED, and its newer page for the B300; others print 8 TB/s

if __name__ == "__main__":
    for peak in CARD_PEAKS:
        rates = f"{peak.flops / 1e12:7,.1f} TFLOP/s, {peak.bandwidth / 1e12:.3f} TB/s"
        print(f"{peak.name:15} {peak.number}  {rates}  {peak.trust:6}  {peak.source}")
