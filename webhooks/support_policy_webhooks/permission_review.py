"""What a page says of a choice before it counts: what was chosen, what it costs, what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from support_policy.core.explain import Texts
from support_policy.core.permission.message import blocks_text
from support_policy.core.reply_points import AGREEMENT
from support_policy.permissions import Shown
from support_policy.permissions.answers import LONGEST_QUESTION
from support_policy.texts import load_texts
from support_policy_webhooks.permission_figures import Figures, Row
from support_policy_webhooks.permission_form import UNDOING


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A choice (``accept``, ``decline``, ``question``, ``withdraw``, ``stop``) in one language."""

    shown: Shown
    language: str
    choice: str
    blocks: int | None = None

    @property
    def texts(self) -> Texts:
        """The sentences of this language."""
        return load_texts(self.language)

    @property
    def figures(self) -> Figures:
        """The request's figures in this language."""
        return Figures(request=self.shown.request, language=self.language)

    def page(self) -> dict[str, object]:
        """What the page shows."""
        return {
            "heading": self._heading(),
            "receipt": tuple(self._chosen()),
            "next": tuple(self._next()),
            "agreement": AGREEMENT[self.language] if self.choice == "accept" else "",
            "sure": self._sure(),
            "button": self._button(),
            "choice": self.choice,
            "longest": LONGEST_QUESTION,
        }

    def _heading(self) -> str:
        say = self.texts.say
        return {
            "question": say("permission.check_question"),
            "withdraw": say("permission.check_withdraw"),
            "stop": say("permission.check_stop"),
        }.get(self.choice, say("permission.check"))

    def _chosen(self) -> Iterator[Row]:
        say, figures = self.texts.say, self.figures
        yield say("permission.you_chose"), self._words()
        yield from figures.subject()
        if self.blocks is None:
            return
        yield figures.price()
        before = self.shown.job.permitted_blocks
        if before:
            yield say("permission.before"), say("permission.most_of", **figures.most(before))
        most = say("permission.most_of", **figures.most(self.blocks))
        yield say("permission.most"), Markup("<strong>{}</strong>").format(most)
        if before:
            total = figures.most(before + self.blocks)
            yield say("permission.total"), say("permission.most_of", **total)

    def _words(self) -> str:
        say, asked = self.texts.say, self.shown.request.blocks
        if self.blocks is not None and self.blocks < asked:
            words = blocks_text(self.blocks, self.language)
            return say("permission.chose_fewer", blocks=words, asked=str(asked))
        return {
            "accept": say("permission.chose_all", blocks=blocks_text(asked, self.language)),
            "decline": say("permission.chose_decline"),
            "question": say("permission.chose_question"),
            "withdraw": say("permission.chose_withdraw"),
            "stop": say("permission.chose_stop"),
        }[self.choice]

    def _next(self) -> Iterator[str]:
        say, shown = self.texts.say, self.shown
        match self.choice:
            case "accept":
                more = shown.job.permitted_blocks > 0
                yield say("permission.next_more") if more else say("permission.next_accept")
                if not more and self.blocks != shown.request.blocks:
                    yield say("permission.next_fewer")
            case "stop":
                begun = shown.job.rate.blocks(shown.job.used(shown.now))
                yield say("permission.next_stop", **self.figures.amount(begun))
                yield say("permission.next_stop_more")
            case "decline":
                yield say("permission.next_decline")
            case "question":
                yield say("permission.next_question")
            case _:
                yield say("permission.next_withdraw")

    def _sure(self) -> str:
        """What must be ticked where something costs or ends something."""
        if self.choice == "accept":
            return self.texts.say("permission.sure_accept")
        undoes = self.choice in UNDOING
        return self.texts.say("permission.sure_withdraw") if undoes else ""

    def _button(self) -> str:
        say = self.texts.say
        return {
            "accept": say("permission.confirm_accept", **self.figures.most(self.blocks or 0)),
            "decline": say("permission.confirm_decline"),
            "question": say("permission.confirm_question"),
            "withdraw": say("permission.confirm_withdraw"),
            "stop": say("permission.confirm_stop"),
        }[self.choice]
