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
final class Outbox extends Queue
{
    public const OBSERVED = 'observed';
    public const AUTOMATIC = 'automatic';
    public const LEFT_OUT = 'left out';
    /** Opened before the plugin was there; only its facts are kept. */
    public const KNOWN = 'known';

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
        Hints::forget($ticketId);
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

    protected static function table(): string
    {
        return Database::table('sp_outbox');
    }
}
