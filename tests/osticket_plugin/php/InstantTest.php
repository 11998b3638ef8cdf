<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Instant;

final class InstantTest extends TestCase
{
    private const SIX_PM = 1795543200;

    public function test_a_moment_of_the_wire_is_read(): void
    {
        self::assertSame(self::SIX_PM, Instant::parse('2026-11-24T18:00:00Z')->getTimestamp());
        self::assertSame('2026-11-24T18:00:00.120000Z', Instant::exactly(Instant::parse('2026-11-24T18:00:00.12Z')));
        self::assertSame('2026-11-24T18:00:00.000000Z', Instant::exactly(Instant::parse('2026-11-24T18:00:00Z')));
    }

    /** @dataProvider none */
    public function test_what_is_no_moment_is_none(mixed $text): void
    {
        self::assertNull(Instant::parse($text));
    }

    public static function none(): iterable
    {
        yield 'nothing' => [null];
        yield 'a number' => [self::SIX_PM];
        yield 'without a zone' => ['2026-11-24T18:00:00'];
        yield 'another zone' => ['2026-11-24T18:00:00+01:00'];
        yield 'no such day' => ['2026-02-30T18:00:00Z'];
        yield 'no such hour' => ['2026-11-24T25:00:00Z'];
        yield 'seven digits' => ['2026-11-24T18:00:00.1234567Z'];
        yield 'a line after it' => ["2026-11-24T18:00:00Z\n"];
    }

    public function test_texts_of_moments_sort_like_the_moments(): void
    {
        $spelled = fn (string $text) => Instant::exactly(Instant::parse($text));
        self::assertLessThan($spelled('2026-11-24T18:00:00.2Z'), $spelled('2026-11-24T18:00:00.10Z'));
        self::assertLessThan($spelled('2026-11-24T18:00:00.000001Z'), $spelled('2026-11-24T18:00:00Z'));
    }

    public function test_the_database_keeps_moments_in_its_own_zone(): void
    {
        self::assertSame('2026-11-24 13:00:00', Instant::toDatabase(self::SIX_PM, 'America/Toronto'));
        self::assertSame(self::SIX_PM, Instant::fromDatabase('2026-11-24 13:00:00', 'America/Toronto'));
        self::assertSame('2026-11-24 18:00:00', Instant::toDatabase(self::SIX_PM, 'UTC'));
        // In July, Toronto is an hour nearer.
        self::assertSame('2026-07-01 14:00:00', Instant::toDatabase(1782928800, 'America/Toronto'));
        self::assertSame(1782928800, Instant::fromDatabase('2026-07-01 14:00:00', 'America/Toronto'));
    }

    public function test_what_the_database_has_not_is_no_moment(): void
    {
        self::assertNull(Instant::fromDatabase(null, 'UTC'));
        self::assertNull(Instant::fromDatabase('', 'UTC'));
        self::assertNull(Instant::fromDatabase('0000-00-00 00:00:00', 'UTC'));
    }

    public function test_a_moment_is_spelled_for_the_wire(): void
    {
        self::assertSame('2026-11-24T18:00:00Z', Instant::spell(self::SIX_PM));
        self::assertNull(Instant::spell(null));
    }
}
