"""Stylesheets and scripts as they are served."""

import pytest

from psychoplastogens.delivery.storage import choose_minifier, minify_css


@pytest.mark.parametrize("block", ["@layer a", "@media print", "@layer a { @media print"])
def test_a_selector_inside_another_stays_inside_it(block):
    close = "}" * (block.count("{") + 1)
    css = minify_css(f"{block} {{ .x :is(b, i) {{ color: red; }} {close}")
    assert ".x *:is(b,i){color:red}" in css


def test_comments_and_spaces_go_and_declarations_stay_as_they_are():
    css = minify_css("/* why */ @layer a { a:not(.b) > :is(i) { margin: 0 auto; } }")
    assert css == "@layer a{a:not(.b)>:is(i){margin:0 auto}}"


def test_a_decimal_loses_the_zero_before_its_point_and_no_other():
    css = minify_css("a { margin: -0.5em 10.5px 0 calc(0.25 * (0.1em + 20.0px)) ; top: 0 }")
    assert css == "a{margin:-.5em 10.5px 0 calc(.25 * (.1em + 20.0px));top:0}"


def test_our_scripts_lose_comments_and_indentation_and_nothing_inside_a_text():
    minify = choose_minifier("clinics/reading_list.js")
    script = '// why\nif (a) {\n  b = `two  //\n  lines ${ c }`; /* d */\n  e = /[/] "/;\n}\n'
    assert minify(script) == 'if(a){b=`two  //\n  lines ${ c }`;e=/[/] "/;}'


@pytest.mark.parametrize("name", ["admin/js/core.js", "django_htmx/htmx-4.min.js", "icons.svg"])
def test_what_is_not_ours_or_no_script_stays_as_it_is(name):
    assert choose_minifier(name) is None


def test_a_static_file_has_the_headers_that_protect_readers(client, settings, tmp_path):
    (tmp_path / "a.svg").write_text("<svg/>")
    settings.STATIC_ROOT = tmp_path
    answer = client.head("/static/a.svg")
    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"


def test_a_static_file_may_be_used_in_a_sandboxed_frame_of_ours(client, settings, tmp_path):
    (tmp_path / "a.css").write_text("a{}")
    settings.STATIC_ROOT = tmp_path
    assert client.head("/static/a.css")["Cross-Origin-Resource-Policy"] == "cross-origin"
