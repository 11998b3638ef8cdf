"""What is the customer's own, in text and in HTML, and what a mail hides."""

from __future__ import annotations

import pytest

from support_policy.core.permission.own_words import own_words
from support_policy.core.permission.reading import Verdict, read_answer


def own(text: str, kind: str = "text/plain") -> list[str]:
    return [line.strip() for line in own_words(text, kind).lines if line.strip()]


def verdict(html: str) -> Verdict:
    return read_answer(
        text=html, content_type="text/html", headers={}, code="AB12", asked=2
    ).verdict


@pytest.mark.parametrize(
    "quote",
    [
        "On Mon, Nov 23, 2026 at 2:05 PM Support <help@host.example> wrote:\n> old\n>> older",
        "On Mon, Nov 23, 2026 at 2:05 PM Support <help@host.example>\nwrote:\n\n> old",
        "On Mon, Nov 23, 2026 at 2:05 PM\nSupport of the Host <help@host.example>\nwrote:\nold",
        "Le lun. 23 nov. 2026 à 14 h 05, Soutien <aide@host.example> a écrit :\n> vieux",
        "Le lun. 23 nov. 2026 à 14 h 05, Soutien <aide@host.example>\na écrit\u00a0:\n\nvieux",
        "Le 23/11/2026 à 14:05, Soutien a écrit :\n> vieux",
        "2026-11-23 14:05 GMT-05:00 Support <help@host.example>:\n> old",
        "-----Original Message-----\nFrom: Support\n\nold",
        "-----Message d'origine-----\nDe : Soutien\n\nvieux",
        "________________________________\nFrom: S\nSent: Monday\nTo: O\nSubject: x\n\nold",
        "*From:* S\n*Sent:* Monday\n*To:* O\n*Subject:* x\n\nold",
        "De\u00a0: S\nEnvoyé\u00a0: lundi\nÀ\u00a0: O\nObjet\u00a0: x\n\nvieux",
        "De : S\nDate : lundi\nObjet : x\n\nvieux",
        "##- Please type your reply above this line -##\nold",
        "##- Veuillez saisir votre réponse au-dessus de cette ligne -##\nvieux",
        ">old\n> older",
    ],
)
def test_earlier_mail_is_not_own(quote: str) -> None:
    assert [line for line in own(f"New words\r\n\r\n{quote}") if line.strip("_")] == ["New words"]


def test_words_between_and_below_marked_quotes_are_own() -> None:
    text = (
        "first\n> old\nsecond\n\nOn Nov 23, 2026, at 14:05, S wrote:\n> old\n\nthird\n>old\nfourth"
    )
    assert own(text) == ["first", "second", "third", "fourth"]


@pytest.mark.parametrize(
    "line",
    [
        "On second thought, as Bob wrote:",
        "On 2026-11-23 at 10:00 I said only one, and Bob wrote:",
        "Le 23 nov. 2026 à 10:00 je refuse, comme Bob a écrit :",
        "From: nine to five",
        "Please reply above this line of thought",
    ],
)
def test_a_sentence_that_resembles_a_mark_stays_own(line: str) -> None:
    assert line in own(f"I accept\n{line}\nno")


@pytest.mark.parametrize(
    "mark",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "---------- Message transféré ----------",
        "Début du message réexpédié :",
    ],
)
def test_nothing_of_a_forwarded_mail_is_own(mark: str) -> None:
    found = own_words(f"I accept\n\n{mark}\nFrom: x\n\nI accept", "text/plain")
    assert (found.lines, found.doubt) == ((), "forwarded")


@pytest.mark.parametrize(
    "below",
    ["But I changed my mind", "Mais seulement si c'est gratuit", "P.S.: under $100 please"],
)
@pytest.mark.parametrize(
    "above", ["-----Original Message-----\nold\n", "On Nov 23, 2026, 14:05, S wrote:\nold\n", "> "]
)
def test_a_second_thought_in_a_quote_without_marks_is_a_doubt(above: str, below: str) -> None:
    assert own_words(f"I accept\n\n{above}{below}", "text/plain").doubt == "second_thought"


# ------------------------------------------------------------------- HTML

GMAIL = (
    "<br><div class='gmail_quote gmail_quote_container'><div dir='ltr' class='gmail_attr'>Le lun. "
    "23 nov. 2026 à 14:05, S &lt;<a href='mailto:a@b.ca'>a@b.ca</a>&gt; a écrit :<br></div>"
    "<blockquote class='gmail_quote' style='margin:0 0 0 .8ex;border-left:1px solid #ccc'>Only if"
    "<blockquote style='border:none'>deeper</blockquote></blockquote></div>"
)
BETWEEN = (
    "I accept<div class='gmail_quote'><div class='gmail_attr'>On 2026-11-23 14:05, a@b.ca wrote:"
    "</div><blockquote>old</blockquote>not really<blockquote>old</blockquote></div>"
)
OUTLOOK = (
    "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p "
    "class=MsoNormal><b>From:</b> S &lt;a@b.ca&gt;<br><b>Sent:</b> Monday<br><b>To:</b> O<br>"
    "<b>Subject:</b> x</p></div><p>Only text of the <s>request</s></p><i hidden>preview</i>"
)
APPLE = (
    "<br><div><blockquote type='cite'><div>On Nov 23, 2026, at 2:05 PM, S &lt;a@b.ca&gt; wrote:"
    "</div></blockquote></div><blockquote type='cite'><div>Only if</div></blockquote>"
)


@pytest.mark.parametrize(
    "below",
    [
        "",
        GMAIL,
        OUTLOOK,
        APPLE,
        "<p>On 2026-11-23 14:05, S wrote:</p><blockquote>old</blockquote>",
        "<blockquote style='border-left:2px solid #1010FF'>old</blockquote>",
        "<div id='divRplyFwdMsg'>x</div>old",
        "<hr><div class='OutlookMessageHeader'>From: x</div>old",
        "<div class='yahoo_quoted'>x</div>",
        "<p class='moz-cite-prefix'>On 2026-11-23 14:05, S wrote:</p><blockquote>old</blockquote>",
        "<div id='mail-editor-reference-message-container'>old</div>",
        "<!-- only if --><script>no</script><style>.x{display:none}</style><template>no</template>",
        "<div><img alt='Logo'></div><p>Thanks,<br>Marie</p>",
        "<blockquote type='cite'>I said: but I want a price, only if it is low</blockquote>",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "<div dir='ltr'>I accept</div>",
        "<p class='MsoNormal' style='color:#1F497D'>I accept<o:p></o:p></p>",
        "<div style='text-transform:none;background:transparent'>J&#39;accepte&nbsp;2 blocs</div>",
        "<div>I accept<div>Thanks</div></div>",
        "<pre>\nI accept\n\nThanks</pre>",
        "<body style='background:#111;color:#fff'><p>I acc<b>ept</b></p>",
    ],
)
def test_an_exact_line_of_an_html_mail_counts(form: str, below: str) -> None:
    page = f"<html><head><title>no</title><style>p{{margin:0}}</style></head>{form}{below}</html>"
    assert verdict(page) is Verdict.ACCEPT


@pytest.mark.parametrize(
    "html",
    [
        "<div style='display:none'>I accept</div><p>No, thanks",
        "<p>I accept</p><div style='DISPLAY: none !important'>thanks</div>",
        "<p>I <span hidden>do not</span> accept</p>",
        "<p>I accept<span style='visibility:hidden'>.</span></p>",
        "<p>I accept<span style='font-size:0px'>.</span></p>",
        "<p>I accept</p><p style='color:#fefdfe'>thanks</p>",
        "<p>I accept</p><p style='background:#222;color:#222'>thanks</p>",
        "<p>I accept</p><font color='white'>thanks</font>",
        "<p><s>I accept</s></p>",
        "<p>I accept <del>2 blocks</del></p>",
        "<p>I accept</p><strike>thanks</strike>",
        "<p style='text-decoration: line-through'>I accept</p>",
        "<style>.a, td p.b:first-child {display:none}</style>I accept<p class='b'>thanks</p>",
        "<style>@media screen{.a{text-decoration:line-through}}</style><p class='a'>I accept</p>",
        "<style>p:after{content:' if it is free'}</style><p>I accept</p>",
        "<bdo dir='rtl'>I accept</bdo>",
        "<p>I accept</p><p style='position:absolute'>thanks</p>",
        "<p>I accept</p><blockquote style='margin:0 0 0 40px;border:none'>only one</blockquote>",
        f"<p>I accept</p>{GMAIL}<p>only on Monday</p>",
        BETWEEN,
        "<blockquote>I accept</blockquote>",
        "<blockquote style='margin:0 0 0 40px;border:none'>I accept</blockquote>",
        "<p>I accept</p><blockquote>one at a time</blockquote>",
        "<p>I accept</p><blockquote style='border-left:none'>one at a time</blockquote>",
        "<p>I accept</p><blockquote>but only if under $100</blockquote>",
        "<p>I accept</p><img alt='only if under $100'>",
        "<p>I accept <img alt='🙄'></p>",
        "<p>I accept</p><p>&gt; but only if it is free</p>",
        "<td>No.</td><td>I accept</td>",
        "<textarea>I accept</textarea><input value='I accept'>",
        "<title>I accept</title>",
        "I accept but<br>only later",
        "<p>I accept\nbut later</p>",
        "<div class='gmail_quote'>---------- Forwarded message ---------<br>I accept</div>",
        "<b>" * 10_001 + "I accept",
        "&#xD800;I accept",
    ],
)
def test_hidden_struck_or_further_words_of_an_html_mail_are_a_question(html: str) -> None:
    assert verdict(html) is Verdict.QUESTION


def test_markup_is_not_read_where_the_mail_says_that_it_is_text() -> None:
    assert own("<p>I accept</p>", "text/plain") == ["<p>I accept</p>"]
    assert own("<p>I accept</p>", "") == ["I accept"]
    assert own("I accept\n\nThanks", "text/html; charset=utf-8") == ["I accept", "Thanks"]


@pytest.mark.parametrize("mark", ["-- ", "--", "--\u00a0"])
def test_below_a_signatures_mark_is_a_signature_until_a_quote(mark: str) -> None:
    found = own_words(f"I accept\n{mark}\nOdile\n{mark}\nCafé\n> old\nnew", "text/plain")
    assert (found.lines, found.signature) == (("I accept", "new"), ("Odile", "Café"))


def test_lines_that_are_left_unread_are_a_doubt() -> None:
    assert "\ufffc" in own_words("I accept" + "\n" * 2_000 + "not yet", "text/plain").lines
