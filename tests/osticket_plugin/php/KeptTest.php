<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Kept;

final class KeptTest extends TestCase
{
    private const TICKET = [
        'priority' => 'high', 'due_at' => '2026-11-24T19:00:00Z', 'department' => 'Support', 'tags' => ['a', 'b'],
        'fields' => ['class' => 'network_down'], 'notes' => ['support-policy x/1'],
    ];

    public function test_what_the_ticket_has_is_not_missed(): void
    {
        self::assertSame([], Kept::missing(self::TICKET, [
            'priority' => 'high', 'due_at' => '2026-11-24T19:00:00.000000Z', 'target' => 'high', 'tags' => ['b'],
            'fields' => ['class' => 'network_down'], 'note' => ['stamp' => 'support-policy x/1', 'text' => ''],
        ]));
    }

    public function test_what_it_has_not_is_named(): void
    {
        self::assertSame(['priority', 'due_at', 'department', 'tags', 'fields', 'note'], Kept::missing(self::TICKET, [
            'priority' => 'low', 'due_at' => '2026-11-24T20:00:00Z', 'department' => 'Sales', 'tags' => ['a', 'c'],
            'fields' => ['state' => 'waiting'], 'note' => ['stamp' => 'support-policy x/2', 'text' => ''],
        ]));
    }

    public function test_a_character_that_the_database_cannot_hold_is_not_missed(): void
    {
        $ticket = ['fields' => (object) ['reason' => "down \u{25A1}"]] + self::TICKET;
        self::assertSame([], Kept::missing($ticket, ['fields' => ['reason' => "down \u{1F600}"]]));
    }
}
