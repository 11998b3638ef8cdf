<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** How long what could not be delivered rests before the next attempt. */
final class Backoff
{
    private const FIRST = 30;
    public const LONGEST = 3600;

    /** Seconds to wait after this many failed attempts. */
    public static function seconds(int $attempts): int
    {
        // Past the seventh doubling the hour is reached: no power that could overflow.
        $doublings = min(max($attempts - 1, 0), 7);
        return min(self::FIRST * 2 ** $doublings, self::LONGEST);
    }
}
