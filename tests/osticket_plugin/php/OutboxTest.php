<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Facts;
use SupportPolicy\Outbox;

final class OutboxTest extends TestCase
{
    public function test_an_event_has_a_number_of_its_own(): void
    {
        $made = array_map(fn () => Outbox::uuid(), range(1, 100));
        self::assertCount(100, array_unique($made));
        foreach ($made as $uuid) {
            self::assertMatchesRegularExpression('/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/D', $uuid);
        }
    }

    public function test_a_row_tells_what_only_creation_knew(): void
    {
        $facts = Facts::ofRow(['identity' => 'staff', 'opened_by' => 'staff', 'automatic' => '0', 'chosen' => 'priority,due_at']);
        self::assertSame(['priority', 'due_at'], $facts->chosen);
        self::assertFalse($facts->automatic);
        $nothing = Facts::ofRow(['identity' => 'email', 'opened_by' => 'requester', 'automatic' => '1', 'chosen' => '']);
        self::assertSame([], $nothing->chosen);
        self::assertTrue($nothing->automatic);
    }
}
