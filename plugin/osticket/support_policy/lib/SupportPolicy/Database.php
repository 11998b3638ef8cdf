<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * Plain queries over osTicket's connection, past its object cache.
 *
 * A failed query throws: nothing of ours goes on with half of what it needs.
 */
final class Database
{
    /**
     * @param list<int|string|null> $values one for each question mark
     * @return list<array<string, ?string>>
     */
    public static function rows(string $sql, array $values = []): array
    {
        $result = self::query($sql, $values);
        $rows = [];
        while ($row = db_fetch_array($result)) {
            $rows[] = $row;
        }
        db_free_result($result);
        return $rows;
    }

    /**
     * @param list<int|string|null> $values
     * @return ?array<string, ?string>
     */
    public static function row(string $sql, array $values = []): ?array
    {
        return self::rows($sql, $values)[0] ?? null;
    }

    /** @param list<int|string|null> $values */
    public static function value(string $sql, array $values = []): ?string
    {
        $row = self::row($sql, $values);
        $value = $row ? reset($row) : null;
        return $value === null ? null : (string) $value;
    }

    /**
     * @param list<int|string|null> $values
     * @return int how many rows are other than before
     */
    public static function run(string $sql, array $values = []): int
    {
        self::query($sql, $values);
        return (int) db_affected_rows();
    }

    /**
     * All of it or, where the tables can, nothing.
     *
     * After a deadlock the database takes back everything, and osTicket repeats only the last query:
     * a mark made at the start tells whether the start is still there at the end.
     */
    public static function together(callable $work): mixed
    {
        $mark = 'at work.' . bin2hex(random_bytes(8));
        self::run('START TRANSACTION');
        try {
            Memo::set($mark, '');
            $outcome = $work();
            if (!Memo::forget($mark)) {
                throw new \RuntimeException('the database took back what was written');
            }
            self::run('COMMIT');
            return $outcome;
        } catch (\Throwable $trouble) {
            self::run('ROLLBACK');
            throw $trouble;
        }
    }

    public static function table(string $name): string
    {
        return '`' . TABLE_PREFIX . $name . '`';
    }

    /** What osTicket's connection can carry: its utf8 has no place for characters of four bytes. */
    public static function storable(string $text): string
    {
        return (string) preg_replace('/[\x{10000}-\x{10FFFF}]/u', "\u{25A1}", mb_scrub($text, 'UTF-8'));
    }

    /** @param list<int|string|null> $values */
    private static function query(string $sql, array $values): mixed
    {
        $next = 0;
        $full = preg_replace_callback('/\?/', function () use ($values, &$next): string {
            $value = $values[$next++];
            return match (true) {
                $value === null => 'NULL',
                is_int($value) => (string) $value,
                default => db_real_escape($value, true),
            };
        }, $sql);
        $result = db_query($full, false);
        if (!$result) {
            throw new \RuntimeException('a query of the plugin failed: ' . db_error());
        }
        return $result;
    }
}
