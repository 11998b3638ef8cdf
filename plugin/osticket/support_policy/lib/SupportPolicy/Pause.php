<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** After nobody answered, requests of customers do not try for a while: a dead service must not hold the web server's workers. */
final class Pause
{
    private const SECONDS = 30;
    private const LONGEST = 900;
    private const NAME = 'pause.until';

    /** @param float $lost seconds that the attempt took: a name server that is silent takes more than we allow */
    public static function begin(int $now, float $lost): void
    {
        Memo::set(self::NAME, (string) ($now + self::seconds($lost)));
    }

    public static function isOn(int $now): bool
    {
        return self::holds((int) Memo::get(self::NAME), $now);
    }

    public static function seconds(float $lost): int
    {
        return (int) min(self::SECONDS * max($lost, 1), self::LONGEST);
    }

    /** One that ends later than any of ours was begun while the clock was wrong. */
    public static function holds(int $until, int $now): bool
    {
        return $until > $now && $until <= $now + self::LONGEST;
    }

    public static function end(): void
    {
        Memo::forget(self::NAME);
    }
}
