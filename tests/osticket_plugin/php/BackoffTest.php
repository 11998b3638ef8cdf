<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Backoff;

final class BackoffTest extends TestCase
{
    public function test_each_failure_doubles_the_rest_up_to_an_hour(): void
    {
        $seconds = array_map(Backoff::seconds(...), range(1, 9));
        self::assertSame([30, 60, 120, 240, 480, 960, 1920, 3600, 3600], $seconds);
    }

    public function test_no_number_of_failures_makes_it_longer(): void
    {
        self::assertSame(3600, Backoff::seconds(1000000));
        self::assertSame(30, Backoff::seconds(0));
    }
}
