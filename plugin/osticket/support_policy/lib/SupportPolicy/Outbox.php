<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * The tickets that the service is to be told about, one row for each.
 *
 * A row is closed when the decision was applied; it stays, for it holds what only the moment of
 * creation tells.
 */
final class Outbox
{
    public const DELIVERED = 'delivered';
    public const OBSERVED = 'observed';
    public const GONE = 'gone';
    public const AUTOMATIC = 'automatic';
    public const LEFT_OUT = 'left out';
    /** Opened before the plugin was there; only its facts are kept. */
    public const KNOWN = 'known';

    /** Seconds that one sender has a row for itself. */
    private const CLAIM = 60;
    /** For a time and one claim later: what lies further ahead than we ever write was written by a wrong clock. */
    private const FREE = 'closed_at IS NULL AND (claimed_until <= ? OR claimed_until > ?)';

    public static function createTable(): void
    {
        Database::run('CREATE TABLE IF NOT EXISTS ' . self::table() . " (
            id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
            event char(36) NOT NULL,
            ticket_id int unsigned NOT NULL,
            number varchar(20) NOT NULL DEFAULT '',
            identity varchar(12) NOT NULL,
            opened_by varchar(12) NOT NULL,
            automatic tinyint unsigned NOT NULL DEFAULT 0,
            chosen varchar(40) NOT NULL DEFAULT '',
            created_at int unsigned NOT NULL,
            attempts int unsigned NOT NULL DEFAULT 0,
            next_at int unsigned NOT NULL,
            claimed_until int unsigned NOT NULL DEFAULT 0,
            last_error varchar(160) NOT NULL DEFAULT '',
            closed_at int unsigned NULL,
            outcome varchar(12) NOT NULL DEFAULT '',
            UNIQUE KEY event (event),
            UNIQUE KEY ticket_id (ticket_id),
            KEY waiting (closed_at, next_at)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8");
    }

    /** @param string $outcome '' to send it, else why it never will be */
    public static function add(int $ticketId, string $number, Facts $facts, string $outcome, int $now): int
    {
        // Some databases give the number of a deleted ticket again: the old row and decision are another's.
        State::forget($ticketId);
        return self::insert('REPLACE', $ticketId, $number, $facts, $outcome, $now);
    }

    /** Keeps the facts of a ticket from before the plugin, unless it is being added just now. */
    public static function know(int $ticketId, string $number, Facts $facts, int $now): void
    {
        self::insert('INSERT IGNORE', $ticketId, $number, $facts, self::KNOWN, $now);
    }

    private static function insert(
        string $how,
        int $ticketId,
        string $number,
        Facts $facts,
        string $outcome,
        int $now,
    ): int {
        Database::run("$how INTO " . self::table() . '
            (event, ticket_id, number, identity, opened_by, automatic, chosen, created_at, next_at, closed_at, outcome)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
            self::uuid(), $ticketId, $number, $facts->identity, $facts->openedBy, (int) $facts->automatic,
            implode(',', $facts->chosen), $now, $now, $outcome === '' ? null : $now, $outcome,
        ]);
        return (int) db_insert_id();
    }

    /** @return ?array<string, ?string> the row, for this sender alone; null when another has it */
    public static function claim(int $id, int $now): ?array
    {
        $ours = Database::run(
            'UPDATE ' . self::table() . ' SET claimed_until = ? WHERE id = ? AND ' . self::FREE,
            [$now + self::CLAIM, $id, $now, $now + self::CLAIM]
        );
        return $ours === 1 ? Database::row('SELECT * FROM ' . self::table() . ' WHERE id = ?', [$id]) : null;
    }

    /** @return list<int> rows whose time has come */
    public static function due(int $now, int $most): array
    {
        $rows = Database::rows(
            'SELECT id FROM ' . self::table() . ' WHERE ' . self::FREE . '
                AND (next_at <= ? OR next_at > ?) ORDER BY next_at, id LIMIT ?',
            [$now, $now + self::CLAIM, $now, $now + Backoff::LONGEST, $most]
        );
        return array_map(intval(...), array_column($rows, 'id'));
    }

    public static function close(int $id, string $outcome, int $now): void
    {
        Database::run(
            'UPDATE ' . self::table() . " SET closed_at = ?, outcome = ?, claimed_until = 0, last_error = ''
              WHERE id = ?",
            [$now, $outcome, $id]
        );
    }

    /** It could not be delivered, and will be tried again. */
    public static function failed(int $id, int $attempts, string $error, int $now): void
    {
        Database::run(
            'UPDATE ' . self::table() . ' SET attempts = ?, next_at = ?, claimed_until = 0, last_error = ? WHERE id = ?',
            [$attempts, $now + Backoff::seconds($attempts), mb_substr($error, 0, 160), $id]
        );
    }

    /** Until the end of what is written together, nobody else writes a decision to this ticket. */
    public static function lock(int $ticketId): void
    {
        Database::rows('SELECT id FROM ' . self::table() . ' WHERE ticket_id = ? FOR UPDATE', [$ticketId]);
    }

    /** @return ?array<string, ?string> */
    public static function ofTicket(int $ticketId): ?array
    {
        return Database::row('SELECT * FROM ' . self::table() . ' WHERE ticket_id = ?', [$ticketId]);
    }

    /** @return array{waiting: int, oldest: ?int, last_error: string, last_delivered_at: ?int} */
    public static function summary(): array
    {
        $waiting = Database::row('SELECT COUNT(*) n, MIN(created_at) oldest FROM ' . self::table() . '
            WHERE closed_at IS NULL');
        $failed = Database::value('SELECT last_error FROM ' . self::table() . "
            WHERE closed_at IS NULL AND last_error <> '' ORDER BY next_at DESC LIMIT 1");
        $delivered = Database::value('SELECT MAX(closed_at) FROM ' . self::table() . ' WHERE outcome IN (?, ?)', [
            self::DELIVERED, self::OBSERVED,
        ]);
        return [
            'waiting' => (int) $waiting['n'],
            'oldest' => $waiting['oldest'] === null ? null : (int) $waiting['oldest'],
            'last_error' => (string) $failed,
            'last_delivered_at' => $delivered === null ? null : (int) $delivered,
        ];
    }

    public static function uuid(): string
    {
        $bytes = random_bytes(16);
        $bytes[6] = chr(ord($bytes[6]) & 0x0f | 0x40);
        $bytes[8] = chr(ord($bytes[8]) & 0x3f | 0x80);
        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
    }

    private static function table(): string
    {
        return Database::table('sp_outbox');
    }
}
