<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Compares a ticket with the decision that was applied to it. */
final class Kept
{
    /**
     * What of a decision the ticket does not have.
     *
     * @param array<string, mixed> $ticket as it is told to the service
     * @param array<string, mixed> $update
     * @return list<string>
     */
    public static function missing(array $ticket, array $update): array
    {
        $missing = [];
        foreach ($update as $name => $value) {
            if (!self::has($ticket, (string) $name, $value)) {
                $missing[] = (string) $name;
            }
        }
        return $missing;
    }

    /** @param array<string, mixed> $ticket */
    private static function has(array $ticket, string $name, mixed $value): bool
    {
        return match ($name) {
            'priority' => $ticket['priority'] === strtolower($value),
            'due_at' => Instant::parse($ticket['due_at'])?->getTimestamp() === Instant::parse($value)?->getTimestamp(),
            'department' => $ticket['department'] === $value,
            'tags' => array_diff($value, $ticket['tags']) === [],
            'fields' => self::hasFields((array) $ticket['fields'], $value),
            'note' => in_array($value['stamp'], $ticket['notes'], true),
            default => true,
        };
    }

    /**
     * @param array<string, string> $has
     * @param array<string, string> $asked
     */
    private static function hasFields(array $has, array $asked): bool
    {
        foreach (array_intersect_key($asked, array_flip(Update::FIELDS)) as $name => $text) {
            if (($has[$name] ?? '') !== Database::storable($text)) {
                return false;
            }
        }
        return true;
    }
}
