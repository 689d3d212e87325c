"""Peak rates of the same chip for 8-bit integers and 8-bit floats, dense (no sparsity)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EightBitPeak:
    """One chip's dense peaks in 1e12 operations a second, where they were read, and when."""

    chip: str
    int8: float
    fp8: float
    bf16: float
    source: str
    seen: str


_H100 = "https://glennklockwood.com/garden/processors/h100"
_VERDA = "https://verda.com/blog/gb300-nvl72-architecture"

H100_PEAK = EightBitPeak("H100 SXM", 1978.9, 1978.9, 989.4, _H100, "2026-11-22")
B200_PEAK = EightBitPeak("B200", 4500.0, 4500.0, 2250.0, _VERDA, "2026-11-22")
B300_PEAK = EightBitPeak("B300", 150.0, 4500.0, 2250.0, _VERDA, "2026-11-22")


if __name__ == "__main__":
    rows = []
    for peak in (H100_PEAK, B200_PEAK, B300_PEAK):
        rows.append({"chip": peak.chip, "int8": peak.int8, "fp8": peak.fp8, "bf16": peak.bf16})
        ratio = peak.int8 / peak.fp8
        print(f"{peak.chip:8} INT8 {peak.int8:7,.1f}  FP8 {peak.fp8:7,.1f}  INT8/FP8 {ratio:.2f}")
    b300_ratio = B300_PEAK.fp8 / B300_PEAK.int8
