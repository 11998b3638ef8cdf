<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Sends what this request brought about, once nobody waits for it any more. */
final class Inline
{
    private const MOST = 2;
    private const TOTAL = 1.5;
    /** Seconds with which an attempt is worth its while. */
    private const LEAST = 0.2;

    /** @var list<\Closure(int): bool> */
    private static array $attempts = [];

    /** @param \Closure(int): bool $attempt in so many milliseconds; whether the service was there */
    public static function later(\Closure $attempt): void
    {
        if (self::$attempts === []) {
            Response::hold();
            register_shutdown_function(self::run(...));
        }
        self::$attempts[] = $attempt;
    }

    private static function run(): void
    {
        try {
            if (!Pause::isOn(time()) && Response::finish()) {
                self::deliver(array_slice(self::$attempts, 0, self::MOST));
            }
        } catch (\Throwable $trouble) {
            Trouble::log('inline', /* @trans */ 'Sending at once failed, cron will send: %s', $trouble->getMessage());
        }
    }

    /** @param list<\Closure(int): bool> $attempts */
    private static function deliver(array $attempts): void
    {
        $end = microtime(true) + self::TOTAL;
        foreach ($attempts as $attempt) {
            $left = $end - microtime(true);
            if ($left < self::LEAST || !$attempt((int) ($left * 1000))) {
                return;
            }
        }
    }
}
