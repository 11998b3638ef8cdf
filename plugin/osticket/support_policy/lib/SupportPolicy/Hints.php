<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * What the service is told of paid help: that permission is to be asked, that a customer wrote.
 *
 * Only that, and no word of it: the service then reads the conversation. A row stays when it was
 * sent, for it holds what only its moment tells: which agent asked, and how a customer was known.
 */
final class Hints extends Queue
{
    public const ASKED = 'asked';
    public const MESSAGE = 'message';

    public static function createTable(): void
    {
        Database::run('CREATE TABLE IF NOT EXISTS ' . self::table() . " (
            id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
            event char(36) NOT NULL,
            type varchar(12) NOT NULL,
            ticket_id int unsigned NOT NULL,
            number varchar(20) NOT NULL DEFAULT '',
            entry_id int unsigned NULL,
            staff_id int unsigned NULL,
            identity varchar(12) NOT NULL DEFAULT '',
            created_at int unsigned NOT NULL,
            cleared_at int unsigned NULL,
            attempts int unsigned NOT NULL DEFAULT 0,
            next_at int unsigned NOT NULL,
            claimed_until int unsigned NOT NULL DEFAULT 0,
            last_error varchar(160) NOT NULL DEFAULT '',
            closed_at int unsigned NULL,
            outcome varchar(12) NOT NULL DEFAULT '',
            UNIQUE KEY event (event),
            KEY ticket (ticket_id, type),
            KEY waiting (closed_at, next_at)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8");
    }

    /** An agent asks; what was asked on this ticket before is taken back. */
    public static function ask(\Ticket $ticket, int $staffId, int $now): int
    {
        self::clearAsk((int) $ticket->getId(), $now);
        return self::insert(self::ASKED, $ticket, ['staff_id' => $staffId], $now);
    }

    /** @param string $identity how who wrote is known, as of a new ticket */
    public static function message(\Ticket $ticket, int $entryId, string $identity, int $now): int
    {
        return self::insert(self::MESSAGE, $ticket, ['entry_id' => $entryId, 'identity' => $identity], $now);
    }

    /** @return ?array<string, ?string> the row of what an agent asked, and that was not cleared */
    public static function openAsk(int $ticketId): ?array
    {
        return Database::row(
            'SELECT * FROM ' . self::table() . ' WHERE ticket_id = ? AND type = ? AND cleared_at IS NULL
              ORDER BY id DESC LIMIT 1',
            [$ticketId, self::ASKED]
        );
    }

    public static function clearAsk(int $ticketId, int $now): void
    {
        Database::run(
            'UPDATE ' . self::table() . ' SET cleared_at = ? WHERE ticket_id = ? AND type = ? AND cleared_at IS NULL',
            [$now, $ticketId, self::ASKED]
        );
    }

    /** @return array<int, string> entry → how who wrote it was known */
    public static function identities(int $ticketId): array
    {
        $rows = Database::rows(
            'SELECT entry_id, identity FROM ' . self::table() . ' WHERE ticket_id = ? AND type = ?',
            [$ticketId, self::MESSAGE]
        );
        return array_column($rows, 'identity', 'entry_id');
    }

    /** Some databases give the number of a deleted ticket again: its rows are another's. */
    public static function forget(int $ticketId): void
    {
        Database::run('DELETE FROM ' . self::table() . ' WHERE ticket_id = ?', [$ticketId]);
    }

    /** @return array{waiting: int, oldest: ?int, last_error: string} */
    public static function summary(): array
    {
        $waiting = Database::row('SELECT COUNT(*) n, MIN(created_at) oldest FROM ' . self::table() . '
            WHERE closed_at IS NULL');
        $failed = Database::value('SELECT last_error FROM ' . self::table() . "
            WHERE closed_at IS NULL AND last_error <> '' ORDER BY next_at DESC LIMIT 1");
        return [
            'waiting' => (int) $waiting['n'],
            'oldest' => $waiting['oldest'] === null ? null : (int) $waiting['oldest'],
            'last_error' => (string) $failed,
        ];
    }

    /** @param array<string, int|string> $more */
    private static function insert(string $type, \Ticket $ticket, array $more, int $now): int
    {
        $row = [
            'event' => self::uuid(),
            'type' => $type,
            'ticket_id' => (int) $ticket->getId(),
            'number' => (string) $ticket->getNumber(),
            'created_at' => $now,
            'next_at' => $now,
        ] + $more;
        $places = implode(', ', array_fill(0, count($row), '?'));
        Database::run(
            'INSERT INTO ' . self::table() . ' (' . implode(', ', array_keys($row)) . ") VALUES ($places)",
            array_values($row)
        );
        return (int) db_insert_id();
    }

    protected static function table(): string
    {
        return Database::table('sp_hint');
    }
}
