<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Database;

final class DatabaseTest extends TestCase
{
    public function test_characters_of_four_bytes_leave_a_box_and_the_rest_stays(): void
    {
        self::assertSame("é – \u{25A1} fin", Database::storable("é – \u{1F600} fin"));
        self::assertSame("\u{25A1}", Database::storable("\u{20BB7}"));
    }

    public function test_half_a_character_does_not_lose_the_text(): void
    {
        self::assertStringStartsWith('caf', Database::storable("caf\xc3"));
    }
}
