<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * Keeps osTicket's estimated due date at the policy's instant, as long as the first answer is owed.
 *
 * It writes past osTicket's objects, for it is called while they are being saved, and tells them.
 */
final class DueDateKeeper
{
    /** Tickets whose due dates are put back in one turn. */
    private const MOST = 500;
    /** What changes on a ticket that concerns its due date. */
    private const COLUMNS = ['est_duedate', 'duedate', 'isoverdue', 'sla_id', 'status_id'];

    /** @param ?array<string, mixed> $dirty what was saved; null: osTicket does not say */
    public static function concerns(?array $dirty): bool
    {
        return $dirty === null || array_intersect_key($dirty, array_flip(self::COLUMNS)) !== [];
    }

    /** @param bool $settles an answer or a decision came just now */
    public static function keep(\Ticket $ticket, bool $settles = false): void
    {
        $state = State::of((int) $ticket->getId());
        if ($state?->expected === null) {
            return;
        }
        $row = self::row((int) $ticket->getId());
        $due = $row === null ? null : self::due($state, $row, $settles);
        if ($due !== null) {
            self::write($ticket, $row, $due);
        }
    }

    /** Puts back what an edit took away while nobody kept it. */
    public static function restore(): void
    {
        $lost = Database::rows(
            'SELECT ticket.ticket_id
               FROM ' . Database::table('sp_ticket') . ' state
               JOIN ' . TICKET_TABLE . ' ticket ON ticket.ticket_id = state.ticket_id AND ticket.sla_id = state.plan_id
               JOIN ' . TICKET_STATUS_TABLE . " status ON status.id = ticket.status_id AND status.state = 'open'
              WHERE state.expected_at IS NOT NULL AND ticket.est_duedate IS NULL AND NOT EXISTS (
                    SELECT 1 FROM " . THREAD_TABLE . ' thread
                      JOIN ' . THREAD_ENTRY_TABLE . " entry ON entry.thread_id = thread.id
                     WHERE thread.object_id = ticket.ticket_id AND thread.object_type IN ('T', 'C')
                       AND entry.type = 'R' AND entry.staff_id > 0)
              LIMIT ?",
            [self::MOST]
        );
        foreach ($lost as $row) {
            if ($ticket = \Ticket::lookup((int) $row['ticket_id'])) {
                self::keep($ticket);
            }
        }
    }

    /** @param array<string, ?string> $row */
    private static function due(State $state, array $row, bool $settles): ?DueDate
    {
        $history = History::of($state->ticketId);
        return DueDate::of(
            expected: $state->expected,
            carriesPlan: $state->planId === (int) $row['sla_id'],
            open: $row['state'] === 'open',
            owed: !$history->isAnswered(),
            peoples: $row['duedate'] !== null,
            alerted: $history->wasOverdue(self::toDatabase((int) $state->expected)),
            settles: $settles,
            now: time(),
        );
    }

    /** @param array<string, ?string> $row */
    private static function write(\Ticket $ticket, array $row, DueDate $due): void
    {
        $values = [
            'est_duedate' => $due->estimated === null ? null : self::toDatabase($due->estimated),
            'isoverdue' => $due->overdue === null ? (int) $row['isoverdue'] : (int) $due->overdue,
        ];
        if ($values['est_duedate'] !== $row['est_duedate'] || $values['isoverdue'] !== (int) $row['isoverdue']) {
            Database::run(
                'UPDATE ' . TICKET_TABLE . ' SET est_duedate = ?, isoverdue = ? WHERE ticket_id = ?',
                [$values['est_duedate'], $values['isoverdue'], (int) $ticket->getId()]
            );
        }
        // Not through its setters, which would save it again.
        $ticket->ht = $values + $ticket->ht;
    }

    /** @return ?array<string, ?string> */
    private static function row(int $ticketId): ?array
    {
        return Database::row(
            'SELECT ticket.sla_id, ticket.duedate, ticket.est_duedate, ticket.isoverdue, status.state
               FROM ' . TICKET_TABLE . ' ticket JOIN ' . TICKET_STATUS_TABLE . ' status ON status.id = ticket.status_id
              WHERE ticket.ticket_id = ?',
            [$ticketId]
        );
    }

    private static function toDatabase(int $seconds): string
    {
        global $cfg;

        return Instant::toDatabase($seconds, (string) $cfg->getDbTimezone());
    }
}
