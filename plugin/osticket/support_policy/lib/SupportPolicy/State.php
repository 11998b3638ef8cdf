<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** The last decision that was applied to a ticket. */
final class State
{
    /**
     * @param string $decidedAt to the microsecond
     * @param ?int $expected the due date it set; of an earlier one when it set none
     * @param ?int $planId the SLA plan that the ticket had then: with another, the due date is not ours
     */
    public function __construct(
        public readonly int $ticketId,
        public readonly string $event,
        public readonly string $decidedAt,
        public readonly ?int $expected,
        public readonly ?int $planId,
    ) {
    }

    public static function createTable(): void
    {
        Database::run('CREATE TABLE IF NOT EXISTS ' . self::table() . ' (
            ticket_id int unsigned NOT NULL PRIMARY KEY,
            event varchar(64) NOT NULL,
            decided_at char(27) NOT NULL,
            expected_at int unsigned NULL,
            plan_id int unsigned NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8');
    }

    public static function of(int $ticketId): ?self
    {
        $row = Database::row('SELECT * FROM ' . self::table() . ' WHERE ticket_id = ?', [$ticketId]);
        return $row === null ? null : new self(
            ticketId: $ticketId,
            event: (string) $row['event'],
            decidedAt: (string) $row['decided_at'],
            expected: $row['expected_at'] === null ? null : (int) $row['expected_at'],
            planId: $row['plan_id'] === null ? null : (int) $row['plan_id'],
        );
    }

    public function save(): void
    {
        Database::run(
            'REPLACE INTO ' . self::table() . ' (ticket_id, event, decided_at, expected_at, plan_id)
             VALUES (?, ?, ?, ?, ?)',
            [$this->ticketId, $this->event, $this->decidedAt, $this->expected, $this->planId]
        );
    }

    public static function forget(int $ticketId): void
    {
        Database::run('DELETE FROM ' . self::table() . ' WHERE ticket_id = ?', [$ticketId]);
    }

    private static function table(): string
    {
        return Database::table('sp_ticket');
    }
}
