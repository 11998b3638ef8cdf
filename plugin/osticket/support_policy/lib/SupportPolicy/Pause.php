<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** After nobody answered, requests of customers do not try for a while: a dead service must not hold the web server's workers. */
final class Pause
{
    private const SECONDS = 30;
    private const NAME = 'pause.until';

    /** @param float $lost seconds that the attempt took: a name server that is silent takes more than we allow */
    public static function begin(int $now, float $lost): void
    {
        Memo::set(self::NAME, (string) ($now + (int) (self::SECONDS * max($lost, 1))));
    }

    public static function isOn(int $now): bool
    {
        return (int) Memo::get(self::NAME) > $now;
    }

    public static function end(): void
    {
        Memo::forget(self::NAME);
    }
}
