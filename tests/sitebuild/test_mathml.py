import re
from xml.etree import ElementTree

import pytest

from sitebuild.errors import BookError
from sitebuild.mathml import to_mathml


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a}{b}",
        r"\operatorname{softmax}(QK^\top / \sqrt{D} + M)\,V",
        r"\sum_{i=1}^{n} x_i \cdot 2^{-b}",
        r"W \in \mathbb{R}^{n \times d}",
        r"a < b \le \left( \frac{1}{2} \right)",
        r"\text{bytes} = 2 \times L",
        r"\{1, 2\}",
    ],
)
def test_sound_tex_becomes_mathml_without_a_rest_of_tex(tex):
    mathml = to_mathml(tex, display=False)
    assert ElementTree.fromstring(mathml).tag.endswith("math")
    assert "\\" not in re.sub(r"<[^>]*>", "", mathml)


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"\foo{a}", r"'\\\\foo' in .* is not known"),
        (r"\frac{a}", "lacks an argument"),
        (r"\frac{}{b}", "lacks an argument"),
        (r"\sqrt", "cannot read"),
        (r"x^", "cannot read"),
        ("{a", "braces"),
        ("a}b{", "braces"),
        (r"\begin{aligned}a&=b\end{aligned}", "cannot read|not known"),
        ("x = #!val part.a.x", "cannot stand inside mathematics"),
    ],
)
def test_bad_tex_is_refused(tex, said):
    with pytest.raises(BookError, match=said):
        to_mathml(tex, display=True)
