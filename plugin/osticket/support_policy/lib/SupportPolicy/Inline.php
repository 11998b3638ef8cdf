<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Sends what this request created, once nobody waits for it any more. */
final class Inline
{
    private const MOST = 2;
    private const TOTAL = 1.5;
    /** Seconds with which an attempt is worth its while. */
    private const LEAST = 0.2;

    /** @var list<int> */
    private static array $rows = [];

    public static function later(int $rowId, Delivery $delivery): void
    {
        if (self::$rows === []) {
            Response::hold();
            register_shutdown_function(static fn () => self::run($delivery));
        }
        self::$rows[] = $rowId;
    }

    private static function run(Delivery $delivery): void
    {
        try {
            if (!Pause::isOn(time()) && Response::finish()) {
                self::deliver($delivery, array_slice(self::$rows, 0, self::MOST));
            }
        } catch (\Throwable $trouble) {
            Trouble::log('inline', /* @trans */ 'Sending at once failed, cron will send: %s', $trouble->getMessage());
        }
    }

    /** @param list<int> $rows */
    private static function deliver(Delivery $delivery, array $rows): void
    {
        $end = microtime(true) + self::TOTAL;
        foreach ($rows as $row) {
            $left = $end - microtime(true);
            if ($left < self::LEAST || !$delivery->deliver($row, (int) ($left * 1000))) {
                return;
            }
        }
    }
}
