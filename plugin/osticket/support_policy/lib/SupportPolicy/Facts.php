<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What only the moment of creation tells about a ticket. */
final class Facts
{
    /** @param list<string> $chosen what the agent who opened it chose: priority, due_at, department */
    public function __construct(
        public readonly string $identity,
        public readonly string $openedBy,
        public readonly bool $automatic,
        public readonly array $chosen,
    ) {
    }

    /** @param array<string, ?string> $row of the outbox */
    public static function ofRow(array $row): self
    {
        return new self(
            identity: (string) $row['identity'],
            openedBy: (string) $row['opened_by'],
            automatic: (bool) $row['automatic'],
            chosen: array_values(array_filter(explode(',', (string) $row['chosen']))),
        );
    }
}
