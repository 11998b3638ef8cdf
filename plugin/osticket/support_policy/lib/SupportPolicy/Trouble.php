<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Lines in osTicket's system log: each kind of trouble once, then at most once an hour. */
final class Trouble
{
    private const QUIET = 3600;
    private const ON = 'trouble';

    /**
     * @param string $kind what is the same trouble when it comes again
     * @param string $english for the translator, with places for the values
     */
    public static function log(string $kind, string $english, string|int ...$values): void
    {
        try {
            if (self::isNew($kind)) {
                self::write($english, ...$values);
            }
        } catch (\Throwable) {
            // Without a database there is no system log either.
            error_log('Support Policy: ' . vsprintf($english, $values));
        }
    }

    /** The service cannot be reached, or says what nobody can believe. */
    public static function begins(string $kind, string $english, string|int ...$values): void
    {
        self::log($kind, $english, ...$values);
        Memo::set(self::ON, $kind);
    }

    public static function ends(): void
    {
        if (Memo::forget(self::ON)) {
            self::log('over', /* @trans */ 'The service answers again; what waited is being delivered.');
        }
    }

    /** A line that cannot come twice. */
    public static function write(string $english, string|int ...$values): void
    {
        global $ost;

        // Admins read it, whoever's page it was.
        $language = Text::primary();
        $values = array_map(fn (string|int $value) => Text::in($language, (string) $value), $values);
        // osTicket takes the text for HTML, and what stands between < and > for a tag even when it is spelled.
        $message = strtr(vsprintf(Text::in($language, $english), $values), '<>', '()');
        $ost ? $ost->logWarning('Support Policy', \Format::htmlchars($message), false) : error_log($message);
    }

    private static function isNew(string $kind): bool
    {
        $name = 'log.' . substr(sha1($kind), 0, 16);
        $last = (int) Memo::get($name);
        // A clock that was ahead must not make it quiet for as long.
        if (abs(time() - $last) < self::QUIET) {
            return false;
        }
        Memo::set($name, (string) time());
        return true;
    }
}
