"""One answer as a document: what the API gives back beside an operation's own."""

from __future__ import annotations

from dataclasses import replace

from keepclear.reports.json_answer import answer_document, check_document
from unit.reports.latakia import latakia


def test_an_answer_alone_is_an_item_of_the_check() -> None:
    report = latakia().report
    assert check_document(report)["answers"] == [answer_document(one) for one in report.answers]


def test_an_answer_that_lists_all_conflicts_gives_no_total() -> None:
    assert "conflicts_total" not in answer_document(latakia().report.answers[0])


def test_an_answer_that_lists_only_the_worst_conflicts_says_how_many_there_are() -> None:
    answer = replace(latakia().report.answers[0], conflicts_total=120)
    assert answer_document(answer)["conflicts_total"] == 120
