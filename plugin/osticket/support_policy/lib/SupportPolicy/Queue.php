<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Rows of a table that wait to be sent: one sender at a time, later and later after each failure. */
abstract class Queue
{
    public const DELIVERED = 'delivered';
    public const GONE = 'gone';

    /** Seconds that one sender has a row for itself. */
    private const CLAIM = 60;
    /** For a time and one claim later: what lies further ahead than we ever write was written by a wrong clock. */
    private const FREE = 'closed_at IS NULL AND (claimed_until <= ? OR claimed_until > ?)';

    /** @return ?array<string, ?string> the row, for this sender alone; null when another has it */
    public static function claim(int $id, int $now): ?array
    {
        $ours = Database::run(
            'UPDATE ' . static::table() . ' SET claimed_until = ? WHERE id = ? AND ' . self::FREE,
            [$now + self::CLAIM, $id, $now, $now + self::CLAIM]
        );
        return $ours === 1 ? Database::row('SELECT * FROM ' . static::table() . ' WHERE id = ?', [$id]) : null;
    }

    /** @return list<int> rows whose time has come */
    public static function due(int $now, int $most): array
    {
        $rows = Database::rows(
            'SELECT id FROM ' . static::table() . ' WHERE ' . self::FREE . '
                AND (next_at <= ? OR next_at > ?) ORDER BY next_at, id LIMIT ?',
            [$now, $now + self::CLAIM, $now, $now + Backoff::LONGEST, $most]
        );
        return array_map(intval(...), array_column($rows, 'id'));
    }

    public static function close(int $id, string $outcome, int $now): void
    {
        Database::run(
            'UPDATE ' . static::table() . " SET closed_at = ?, outcome = ?, claimed_until = 0, last_error = ''
              WHERE id = ?",
            [$now, $outcome, $id]
        );
    }

    /** It could not be delivered, and will be tried again. */
    public static function failed(int $id, int $attempts, string $error, int $now): void
    {
        Database::run(
            'UPDATE ' . static::table() . ' SET attempts = ?, next_at = ?, claimed_until = 0, last_error = ? WHERE id = ?',
            [$attempts, $now + Backoff::seconds($attempts), mb_substr($error, 0, 160), $id]
        );
    }

    public static function uuid(): string
    {
        $bytes = random_bytes(16);
        $bytes[6] = chr(ord($bytes[6]) & 0x0f | 0x40);
        $bytes[8] = chr(ord($bytes[8]) & 0x3f | 0x80);
        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
    }

    abstract protected static function table(): string;
}
