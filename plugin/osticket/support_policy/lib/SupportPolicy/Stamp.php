<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** The line at the end of each message about paid help, by which it is known again. */
final class Stamp
{
    public const FORM = 'PH-[A-Z2-9]{8}/[a-z0-9-]{1,40}';

    /** The stamp of a body of ours: only its last line, for before it stands what was written about. */
    public static function in(string $body): ?string
    {
        $text = trim(strip_tags((string) preg_replace('#<br\s*/?>|</(?:p|div)>#i', "\n", $body)));
        return preg_match('~(?:^|\n)\s*\[(' . self::FORM . ')\]$~D', $text, $found) ? $found[1] : null;
    }

    public static function isWell(mixed $stamp): bool
    {
        return is_string($stamp) && preg_match('~^' . self::FORM . '$~D', $stamp) === 1;
    }
}
