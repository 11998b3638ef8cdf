<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** The text of a note: it may quote a customer, and must stay a text. */
final class Note
{
    /** With nothing in it that osTicket makes a link of, by a mark that has no width. */
    public static function plain(string $text): string
    {
        $unlinked = preg_replace('#(?<=:/)(?=/)|(?<=www)(?=\.)|(?=@)#i', "\u{200B}", Database::storable($text));
        return (string) $unlinked;
    }
}
