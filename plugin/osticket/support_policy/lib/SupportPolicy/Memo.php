<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Small facts that outlive a request: when cron ran, since when the service does not answer. */
final class Memo
{
    public static function createTable(): void
    {
        Database::run('CREATE TABLE IF NOT EXISTS ' . Database::table('sp_memo') . ' (
            name varchar(40) NOT NULL PRIMARY KEY,
            value varchar(255) NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8');
    }

    public static function get(string $name): ?string
    {
        return Database::value('SELECT value FROM ' . Database::table('sp_memo') . ' WHERE name = ?', [$name]);
    }

    public static function set(string $name, string $value): void
    {
        $value = mb_substr(Database::storable($value), 0, 255);
        Database::run('REPLACE INTO ' . Database::table('sp_memo') . ' (name, value) VALUES (?, ?)', [$name, $value]);
    }

    /** Whether it was there. */
    public static function forget(string $name): bool
    {
        return Database::run('DELETE FROM ' . Database::table('sp_memo') . ' WHERE name = ?', [$name]) > 0;
    }
}
