<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * HTML of ours that osTicket keeps as it is.
 *
 * Its own body of HTML turns what was escaped into markup before it cleans it: a customer's words that
 * we quote would become links and bold letters, and some would vanish.
 */
final class AnswerBody extends \HtmlThreadEntryBody
{
    public function getClean()
    {
        return $this->body;
    }
}
