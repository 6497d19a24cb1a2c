"""Stylesheets as they are served."""

import pytest

from psychoplastogens.delivery.static import minified


@pytest.mark.parametrize("block", ["@layer a", "@media print", "@layer a { @media print"])
def test_a_selector_inside_another_stays_inside_it(block):
    close = "}" * (block.count("{") + 1)
    css = minified(f"{block} {{ .x :is(b, i) {{ color: red; }} {close}")
    assert ".x *:is(b,i){color:red}" in css


def test_comments_and_spaces_go_and_declarations_stay_as_they_are():
    css = minified("/* why */ @layer a { a:not(.b) > :is(i) { margin: 0 auto; } }")
    assert css == "@layer a{a:not(.b)>:is(i){margin:0 auto}}"
