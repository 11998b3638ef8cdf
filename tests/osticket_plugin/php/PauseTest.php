<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Pause;

final class PauseTest extends TestCase
{
    public function test_it_is_the_longer_the_more_time_was_lost_but_not_without_end(): void
    {
        self::assertSame([30, 60, 900], array_map(Pause::seconds(...), [0.2, 2.0, 600.0]));
    }

    public function test_it_holds_until_its_end(): void
    {
        self::assertTrue(Pause::holds(1030, 1000));
        self::assertFalse(Pause::holds(1030, 1030));
        self::assertFalse(Pause::holds(0, 1000));
    }

    public function test_one_that_a_wrong_clock_began_does_not_hold(): void
    {
        self::assertTrue(Pause::holds(1900, 1000));
        self::assertFalse(Pause::holds(1901, 1000));
    }
}
