"""The plain-language rules behind the checks, each with its number and name.

The letters are the chapters of the rulebook: A words and sentences, B the shape of a page, C
numbers, D a fair choice, E safe messages on suicide. H rules are our own.
"""

from enum import StrEnum


class CheckRule(StrEnum):
    """A rule, with the text that editors see beside a problem."""

    GRADE = "A1 Write for a wide audience"
    SHORT_SENTENCES = "A2 Keep sentences short"
    EXPLAIN = "A4 Explain a medical word where it is first used"
    ACTIVE = "A5 Use the active voice"
    SHOULD = "A6 Say what to do, not “should”"
    NO_BLAME = "A7 People have side effects; they do not suffer or fail"
    NO_SALES = "A8 No sales words"
    CALLOUTS = "B2 Say what to do next"
    PICTURES = "B4 Every picture has its words"
    LINK_TEXT = "B6 Link text says where it goes"
    NOT_KNOWN = "B7 Say what is not known"
    DATES = "B8 Show dates"
    OUT_OF_100 = "C1 Count out of 100 people"
    BOTH_GROUPS = "C2 Always show both groups"
    TIMEFRAME = "C3 Say the time frame"
    ABSOLUTE = "C4 Absolute, never relative"
    BALANCE = "C6 Show benefits and harms alike"
    WHOLE_NUMBERS = "C7 Whole numbers"
    RANGES = "C8 “To” for ranges, not a dash"
    CHANCE = "C9 No word alone for a chance"
    NO_SUMS = "C11 No sums for the reader to finish"
    NO_KETAMINE = "D3 List the options, “no ketamine for now” among them"
    EQUAL_DETAIL = "D6 Give each option the same detail"
    CITED = "D8 Cite sources"
    FUNDER = "D9 Say who paid for the study"
    SUICIDE_WORDS = "E2 Safe words about suicide"
    SUICIDE_CLAIMS = "E6 Keep drug claims about suicide in bounds"
    SUMMARY = "H1 A page begins with its summary and key points"
    LINKS = "H2 Links answer"
    LENGTH = "H3 A text is short enough to be read"


def format_rule(rule: str) -> str:
    """A rule as editors read it, its number last: “Keep sentences short (A2)”."""
    number, _, name = rule.partition(" ")
    return f"{name} ({number})"
