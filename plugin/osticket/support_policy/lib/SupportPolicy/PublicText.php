<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** A plain text as a public answer: it may hold a customer's words, and only its https links do something. */
final class PublicText
{
    private const LINK = '~(https://[^\s<>"\'()\[\]{}]*[^\s<>"\'()\[\]{}.,;:!?])~';
    /** As osTicket finds the start of a variable, which it would fill in on the way to agents. */
    private const VARIABLE = '/%(?=\{|%?7B)/i';

    public static function html(string $text): string
    {
        $html = '';
        foreach (preg_split(self::LINK, Database::storable($text), -1, PREG_SPLIT_DELIM_CAPTURE) ?: [] as $place => $part) {
            $isLink = $place % 2 === 1;
            $safe = htmlspecialchars($isLink ? $part : self::inert($part), ENT_QUOTES, 'UTF-8');
            $html .= $isLink ? "<a href=\"$safe\">$safe</a>" : $safe;
        }
        return '<div>' . preg_replace('/\r\n?|\n/', '<br />', $html) . '</div>';
    }

    private static function inert(string $text): string
    {
        return (string) preg_replace(self::VARIABLE, "%\u{200B}", $text);
    }
}
