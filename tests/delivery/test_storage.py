"""Stylesheets as they are served."""

import pytest

from psychoplastogens.delivery.storage import minify_css


@pytest.mark.parametrize("block", ["@layer a", "@media print", "@layer a { @media print"])
def test_a_selector_inside_another_stays_inside_it(block):
    close = "}" * (block.count("{") + 1)
    css = minify_css(f"{block} {{ .x :is(b, i) {{ color: red; }} {close}")
    assert ".x *:is(b,i){color:red}" in css


def test_comments_and_spaces_go_and_declarations_stay_as_they_are():
    css = minify_css("/* why */ @layer a { a:not(.b) > :is(i) { margin: 0 auto; } }")
    assert css == "@layer a{a:not(.b)>:is(i){margin:0 auto}}"


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
