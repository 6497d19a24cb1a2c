"""Codes by which the address of a list of questions names one question of a page."""

import hashlib


def get_question_code(question: str) -> str:
    """A short code that stays the same until the question is worded anew."""
    return hashlib.sha256(question.encode()).hexdigest()[:4]


def choose_questions(questions: list[str], codes: set[str] | None) -> list[str]:
    """The questions with one of `codes`; all of them where none has, so that none is lost."""
    chosen = [question for question in questions if get_question_code(question) in (codes or ())]
    return questions if not chosen or "" in (codes or ()) else chosen
