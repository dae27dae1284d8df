"""The questions at the end of the path's lessons: as many as promised, one right answer each, readable without a kernel."""

from __future__ import annotations

from pathlib import Path

import pytest

import quiz
from course import lessons, lessons_of
from notebooks import cells

PATH = lessons_of("path")


@pytest.mark.parametrize("lesson", PATH, ids=lambda lesson: lesson.name)
def test_a_lesson_of_the_path_ends_with_three_to_five_questions(lesson) -> None:
    rows = quiz.questions()[lesson.name]
    assert 3 <= len(rows) <= 5 and len({row.question for row in rows}) == len(rows)
    for row in rows:
        assert 3 <= len(row.answers) <= 4 and row.question[-1] in "?"
        assert sum(answer.right for answer in row.answers) == 1
        assert all(answer.why.endswith(".") and len(answer.why) > 10 for answer in row.answers), row.question


@pytest.mark.parametrize("lesson", PATH, ids=lambda lesson: lesson.name)
def test_the_notebook_holds_them_before_its_last_cell(lesson) -> None:
    cell = cells(lesson.notebook)[-2]
    assert quiz.TAG in cell.tags and cell.source == quiz.of_a_lesson(lesson)
    assert (
        cell.source.count("<details>")
        == cell.source.count("</details>")
        == sum(len(row.answers) for row in quiz.questions()[lesson.name])
    )
    assert "`" not in "".join(line for line in cell.source.splitlines() if "<details>" in line)


def test_the_right_answer_is_not_always_in_the_same_place() -> None:
    places = [
        next(n for n, answer in enumerate(row.answers) if answer.right)
        for rows in quiz.questions().values()
        for row in rows
    ]
    assert all(places.count(place) < 0.7 * len(places) for place in range(3))


def test_every_questions_lesson_is_of_the_path() -> None:
    assert quiz.questions().keys() == {lesson.name for lesson in PATH}
    assert quiz.of_a_lesson(lessons()[-1]) == ""


def test_a_class_votes_on_two_of_each_lesson() -> None:
    text = quiz.votes(PATH)
    assert text.count("### [") == len(PATH) and text.count("*✓ Right.*") == 2 * len(PATH)


def test_two_right_answers_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wrong = tmp_path / "quizzes.toml"
    answer = '{ text = "a", why = "b.", right = true }'
    wrong.write_text(f'[[00-start-here]]\nquestion = "Which?"\nanswers = [{answer}, {answer}]\n')
    monkeypatch.setattr(quiz, "FILE", wrong)
    quiz.questions.cache_clear()
    with pytest.raises(SystemExit, match="exactly one answer is right of 'Which"):
        quiz.questions()
    quiz.questions.cache_clear()
