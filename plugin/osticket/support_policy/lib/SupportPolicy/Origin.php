<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** How the sender of a new ticket is known: by the door it came through, not by what it says of itself. */
final class Origin
{
    /**
     * @param bool $byStaff an agent is at work and opened it
     * @param bool $byOwner a customer is logged in, and the ticket is theirs
     * @param bool $byForm it came through the public form
     * @param ?string $apiPath it came through the API, at this path
     * @param string $source osTicket's source, which the public form lets anybody choose
     */
    public static function identity(
        bool $byStaff,
        bool $byOwner,
        bool $byForm,
        ?string $apiPath,
        string $source,
    ): string {
        return match (true) {
            $byStaff => 'staff',
            $byForm => $byOwner ? 'client' : 'guest',
            $apiPath !== null && (bool) preg_match('#/tickets\.(json|xml)$#D', $apiPath) => 'api',
            strtolower($source) === 'email' => 'email',
            default => 'unknown',
        };
    }

    /**
     * What the agent who opened a ticket chose for it: a value that nothing else would have given it.
     *
     * @param array<string, array{0: int, 1: list<int>}> $values name → [value, what osTicket gives by itself]
     * @return list<string>
     */
    public static function chosen(bool $byStaff, array $values): array
    {
        if (!$byStaff) {
            return [];
        }
        $own = array_filter($values, fn (array $pair) => $pair[0] !== 0 && !in_array($pair[0], $pair[1], true));
        return array_keys($own);
    }
}
