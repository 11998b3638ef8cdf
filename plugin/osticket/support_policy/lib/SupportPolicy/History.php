<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What the thread of a ticket tells: who changed what, who answered, which notes are ours. */
final class History
{
    /** @var ?list<?array<mixed>> */
    private ?array $edits = null;

    private function __construct(private readonly int $threadId)
    {
    }

    public static function of(int $ticketId): self
    {
        // The thread of a ticket that was merged into another is kept under C. Its entries are the
        // other's then, with a mark: they count neither as what that one asked nor as its answer.
        $id = Database::value(
            'SELECT id FROM ' . THREAD_TABLE . " WHERE object_id = ? AND object_type IN ('T', 'C') ORDER BY id LIMIT 1",
            [$ticketId]
        );
        return new self((int) $id);
    }

    /** Whether an agent set this field of the ticket's form. */
    public function staffSetField(int $fieldId): bool
    {
        foreach ($this->edits() as $edit) {
            if ($edit === null || (is_array($edit['fields'] ?? null) && isset($edit['fields'][$fieldId]))) {
                return true;
            }
        }
        return false;
    }

    /** Whether an agent set this column of the ticket: sla_id, duedate. */
    public function staffSetColumn(string $column): bool
    {
        foreach ($this->edits() as $edit) {
            // A ticket without a plan that is saved as it is goes from null to 0.
            if ($edit === null || array_filter((array) ($edit[$column] ?? [])) !== []) {
                return true;
            }
        }
        return false;
    }

    public function staffMoved(): bool
    {
        return $this->events('transferred', true) !== [];
    }

    public function staffOpened(): bool
    {
        return $this->events('created', true) !== [];
    }

    /** Whether agents were told that it is overdue, at this moment of the database or later. */
    public function wasOverdue(string $since): bool
    {
        return $this->events('overdue', false, $since) !== [];
    }

    /** Whether a person answered where the customer reads it. */
    public function isAnswered(): bool
    {
        $canned = 'SYSTEM (Canned Reply)';
        return null !== Database::value(
            'SELECT id FROM ' . THREAD_ENTRY_TABLE . "
              WHERE thread_id = ? AND type = 'R' AND staff_id > 0 AND poster NOT IN (?, ?) AND flags & ? = 0 LIMIT 1",
            [$this->threadId, $canned, __($canned), \ThreadEntry::FLAG_CHILD]
        );
    }

    public function firstMessage(): ?\ThreadEntry
    {
        $id = Database::value(
            'SELECT id FROM ' . THREAD_ENTRY_TABLE . "
              WHERE thread_id = ? AND type = 'M' AND flags & ? = 0 ORDER BY id LIMIT 1",
            [$this->threadId, \ThreadEntry::FLAG_CHILD]
        );
        return $id === null ? null : \ThreadEntry::lookup((int) $id);
    }

    /** @return list<string> the stamps in our notes, the newest last */
    public function stamps(): array
    {
        $notes = Database::rows(
            'SELECT body FROM ' . THREAD_ENTRY_TABLE . "
              WHERE thread_id = ? AND type = 'N' AND staff_id = 0 AND user_id = 0 AND poster = ? ORDER BY id",
            [$this->threadId, Machine::NAME]
        );
        $stamps = [];
        foreach ($notes as $note) {
            // The last one is the note's own: before it stands what was written about.
            if (preg_match_all('/\[(' . Update::STAMP . '[^\[\]]{1,180})\]/', (string) $note['body'], $found)) {
                $stamps[] = end($found[1]);
            }
        }
        return $stamps;
    }

    /** @return list<?array<mixed>> what agents' edits changed */
    private function edits(): array
    {
        return $this->edits ??= array_map(
            fn (array $row) => self::edit((string) $row['data']),
            $this->events('edited', true)
        );
    }

    /**
     * What an edit changed; null when that cannot be known any more.
     *
     * osTicket cuts what is long, in the middle of it: all that it does not say may have been
     * changed, too, and better a value too many is left alone than an agent's overwritten.
     *
     * @return ?array<mixed>
     */
    public static function edit(string $data): ?array
    {
        $edit = json_decode($data, true);
        return is_array($edit) ? $edit : ($data === '' ? [] : null);
    }

    /** @return list<array<string, ?string>> */
    private function events(string $name, bool $byStaff, ?string $since = null): array
    {
        $sql = 'SELECT event.data FROM ' . THREAD_EVENT_TABLE . ' event
            JOIN ' . EVENT_TABLE . " kind ON kind.id = event.event_id
            WHERE event.thread_id = ? AND kind.name = ?";
        $values = [$this->threadId, $name];
        if ($byStaff) {
            $sql .= " AND event.uid_type = 'S' AND event.uid > 0 AND event.username <> ?";
            $values[] = Machine::NAME;
        }
        if ($since !== null) {
            $sql .= ' AND event.timestamp >= ?';
            $values[] = $since;
        }
        return Database::rows("$sql ORDER BY event.id", $values);
    }
}
