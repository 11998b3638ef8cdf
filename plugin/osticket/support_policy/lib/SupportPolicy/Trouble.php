<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Lines in osTicket's system log: each kind of trouble once, then at most once an hour. */
final class Trouble
{
    private const QUIET = 3600;
    private const ON = 'trouble';

    /** @param string $kind what is the same trouble when it comes again */
    public static function log(string $kind, string $message): void
    {
        try {
            if (self::isNew($kind)) {
                self::write($message);
            }
        } catch (\Throwable) {
            // Without a database there is no system log either.
            error_log("Support Policy: $message");
        }
    }

    /** The service cannot be reached, or says what nobody can believe. */
    public static function begins(string $kind, string $message): void
    {
        self::log($kind, $message);
        Memo::set(self::ON, $kind);
    }

    public static function ends(): void
    {
        if (Memo::forget(self::ON)) {
            self::log('over', Text::of('The service answers again; what waited is being delivered.'));
        }
    }

    /** A line that cannot come twice. */
    public static function write(string $message): void
    {
        global $ost;

        // osTicket takes the text for HTML.
        $ost ? $ost->logWarning('Support Policy', \Format::htmlchars($message), false) : error_log($message);
    }

    private static function isNew(string $kind): bool
    {
        $name = 'log.' . substr(sha1($kind), 0, 16);
        $last = (int) Memo::get($name);
        if (time() - $last < self::QUIET) {
            return false;
        }
        Memo::set($name, (string) time());
        return true;
    }
}
