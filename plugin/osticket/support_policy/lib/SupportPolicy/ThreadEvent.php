<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * One line in the thread of what was changed, in osTicket's own words.
 *
 * Only fields that customers do not see: a due date in it would be shown to them.
 */
final class ThreadEvent
{
    /** Characters that osTicket keeps of what an event changed. */
    private const LONGEST = 1000;
    /** The reasons are longer, and stand in the note. */
    private const LONGEST_CHANGE = 300;

    /** @var array<int, array{mixed, mixed}> field number → [before, after] */
    private array $changes = [];

    /** @param array{int, array{mixed, mixed}} $change */
    public function tells(array $change): void
    {
        $this->changes[$change[0]] = $change[1];
    }

    public function log(\Ticket $ticket): void
    {
        $told = array_filter($this->changes, fn (array $change) => self::length($change) < self::LONGEST_CHANGE);
        while (self::length(['fields' => $told]) > self::LONGEST) {
            array_pop($told);
        }
        if ($told) {
            $ticket->logEvent('edited', ['fields' => $told], Machine::NAME);
        }
    }

    private static function length(mixed $value): int
    {
        return strlen((string) json_encode($value));
    }
}
