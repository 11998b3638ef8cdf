<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Works as nobody: what the plugin writes is not written in the name of who happens to be logged in. */
final class Machine
{
    public const NAME = 'Support Policy';

    private static int $depth = 0;

    public static function does(callable $work): mixed
    {
        global $thisstaff, $thisclient;

        [$agent, $customer] = [$thisstaff, $thisclient];
        [$thisstaff, $thisclient] = [null, null];
        self::$depth++;
        try {
            return $work();
        } finally {
            self::$depth--;
            [$thisstaff, $thisclient] = [$agent, $customer];
        }
    }

    /** Whether what changes just now is changed by us. */
    public static function isAtWork(): bool
    {
        return self::$depth > 0;
    }
}
