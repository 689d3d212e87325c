"""Numbers that remember their unit, so that operations and operations per second stay apart."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Measured:
    """A number with powers of three units: FLOP, byte and second.

    Two seconds: `Measured(2, second=1)`. Three bytes per second: `Measured(3, byte=1, second=-1)`.
    """

    number: float
    flop: int = 0
    byte: int = 0
    second: int = 0

    @property
    def unit(self) -> str:
        """Spell the unit out, as in "FLOP/s"."""
        powers = {"FLOP": self.flop, "byte": self.byte, "s": self.second}
        above = [name for name, power in powers.items() for _ in range(power)]
        below = [name for name, power in powers.items() for _ in range(-power)]
        return "*".join(above or ["1"]) + "".join(f"/{name}" for name in below)

    def __truediv__(self, other: Self) -> Self:
        """Divide the numbers and subtract the powers."""
        return type(self)(
            self.number / other.number,
            self.flop - other.flop,
            self.byte - other.byte,
            self.second - other.second,
        )

    def __add__(self, other: Self) -> Self:
        """Add what has the same unit.

        Raises:
            ValueError: If the units differ.
        """
        if self.unit != other.unit:
            raise ValueError(f"wanted {self.unit} + {self.unit}, got {self.unit} + {other.unit}")
        return type(self)(self.number + other.number, self.flop, self.byte, self.second)


if __name__ == "__main__":
    work, load = Measured(17_179_869_184, flop=1), Measured(17_179_869_184, byte=1)
    speed = Measured(312e12, flop=1, second=-1)
    door = Measured(1.5e12, byte=1, second=-1)
    quotients = {"work / speed": work / speed, "load / door": load / door,
                 "speed / door": speed / door, "work / load": work / load}  # fmt: skip
    for name, result in quotients.items():
        print(f"{name:12} = {result.number:.3g} {result.unit}")
    try:
        work + speed
    except ValueError as error:
        refused = str(error)
        print("work + speed:", refused)
    compute_us, load_ms = 1e6 * (work / speed).number, 1e3 * (load / door).number
