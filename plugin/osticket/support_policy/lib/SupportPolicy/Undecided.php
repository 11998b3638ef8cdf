<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** The open tickets that no decision was applied to. */
final class Undecided
{
    /**
     * @param bool $filtered only those that a filter chose
     * @return array{tickets: list<array<string, mixed>>, next: ?int}
     */
    public static function page(int $before, int $limit, bool $filtered): array
    {
        // A ticket from before the plugin has no row: no filter can have chosen it.
        $unknown = $filtered ? '' : 'outbox.id IS NULL OR ';
        $rows = Database::rows(
            'SELECT ticket.ticket_id, ticket.number, ticket.created
               FROM ' . TICKET_TABLE . ' ticket
               JOIN ' . TICKET_STATUS_TABLE . " status ON status.id = ticket.status_id AND status.state = 'open'
               LEFT JOIN " . Database::table('sp_ticket') . ' decided ON decided.ticket_id = ticket.ticket_id
               LEFT JOIN ' . Database::table('sp_outbox') . " outbox ON outbox.ticket_id = ticket.ticket_id
              WHERE ticket.ticket_id < ? AND decided.ticket_id IS NULL
                AND ($unknown outbox.outcome NOT IN (?, ?))
              ORDER BY ticket.ticket_id DESC LIMIT ?",
            [$before, Outbox::AUTOMATIC, Outbox::LEFT_OUT, $limit + 1]
        );
        $page = array_map(self::told(...), array_slice($rows, 0, $limit));
        return ['tickets' => $page, 'next' => count($rows) > $limit ? end($page)['id'] : null];
    }

    /**
     * @param array<string, ?string> $row
     * @return array<string, mixed>
     */
    private static function told(array $row): array
    {
        global $cfg;

        return [
            'id' => (int) $row['ticket_id'],
            'number' => (string) $row['number'],
            'created_at' => Instant::spell(Instant::fromDatabase($row['created'], (string) $cfg->getDbTimezone())),
        ];
    }
}
