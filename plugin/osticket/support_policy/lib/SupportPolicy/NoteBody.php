<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * A plain text that osTicket keeps as it is.
 *
 * Its own text body mends what looks like markup before it escapes it: of a customer's quoted words,
 * some would be changed and some would vanish.
 */
final class NoteBody extends \TextThreadEntryBody
{
    public function getClean()
    {
        return htmlspecialchars($this->body, ENT_QUOTES, 'UTF-8');
    }
}
