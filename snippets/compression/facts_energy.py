"""What one operation costs in energy, for a 45 nm chip at 0.9 V: old, but the ratios teach."""

from dataclasses import dataclass

_HOROWITZ = "Horowitz (2014), ISSCC, figure 1.1.9, https://doi.org/10.1109/ISSCC.2014.6757323"
_EIE = "Han et al. (2016), table I, after Horowitz, https://arxiv.org/abs/1602.01528"


@dataclass(frozen=True)
class OperationEnergy:
    """One operation, its energy in picojoules (1e-12 J), where that was read, and when."""

    name: str
    picojoules: float
    source: str
    seen: str


INT8_MULTIPLY = OperationEnergy("8-bit integer multiply", 0.2, _HOROWITZ, "2026-11-22")
INT32_ADD = OperationEnergy("32-bit integer add", 0.1, _HOROWITZ, "2026-11-22")
FP32_MULTIPLY = OperationEnergy("32-bit float multiply", 3.7, _HOROWITZ, "2026-11-22")
FP32_ADD = OperationEnergy("32-bit float add", 0.9, _HOROWITZ, "2026-11-22")
DRAM_READ_32_BITS = OperationEnergy("32 bits read from DRAM", 640.0, _EIE, "2026-11-22")
