"""The steps of the second act, numbered on from the article's."""

from __future__ import annotations

from keepclear.exercise.article.steps import ArticleStep, article_steps, steps_in


def act_steps() -> tuple[ArticleStep, ...]:
    """All steps of the act, in their order.

    Raises:
        DataMissing: the file of the package is not there; reinstall keepclear.
    """
    return steps_in("keepclear.exercise.f3548_act", after=len(article_steps()))
