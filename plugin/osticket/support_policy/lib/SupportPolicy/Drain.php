<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Delivers, on osTicket's cron, what could not be delivered at once. */
final class Drain
{
    private const MOST = 20;
    private const SECONDS = 20;
    private const FAILURES = 3;

    public static function run(Delivery $delivery, HintDelivery $hints): void
    {
        if (!self::lock()) {
            return;
        }
        try {
            self::turn(Outbox::due(time(), self::MOST), $delivery->deliver(...));
            self::turn(Hints::due(time(), self::MOST), $hints->deliver(...));
        } finally {
            Database::value('SELECT RELEASE_LOCK(?)', [self::name()]);
        }
    }

    /** @param list<int> $rows */
    private static function turn(array $rows, \Closure $deliver): void
    {
        $end = time() + self::SECONDS;
        $failures = 0;
        foreach ($rows as $row) {
            $failures = $deliver($row) ? 0 : $failures + 1;
            if ($failures >= self::FAILURES || time() >= $end) {
                return;
            }
        }
    }

    /** Two crons at once would only wait for each other's rows. */
    private static function lock(): bool
    {
        return Database::value('SELECT GET_LOCK(?, 0)', [self::name()]) === '1';
    }

    /** Locks are the whole database server's. */
    private static function name(): string
    {
        return 'support-policy.' . substr(sha1(DBNAME . '.' . TABLE_PREFIX), 0, 16);
    }
}
