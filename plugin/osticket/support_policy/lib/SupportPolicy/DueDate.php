<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * What osTicket's estimated due date must be now, and whether the ticket is overdue.
 *
 * osTicket marks an open ticket overdue once this date is past, answered or not: so it holds the
 * policy's instant only as long as the first answer is owed.
 */
final class DueDate
{
    /**
     * @param ?int $estimated the due date, null for none
     * @param ?bool $overdue null: leave the mark alone
     */
    private function __construct(public readonly ?int $estimated, public readonly ?bool $overdue)
    {
    }

    /**
     * Null: nothing of ours, leave it alone.
     *
     * @param ?int $expected the policy's instant
     * @param bool $carriesPlan the ticket still has the SLA plan it had when the instant was set
     * @param bool $peoples an agent set a due date of their own, and the overdue mark belongs to it
     * @param bool $alerted agents were told already that this instant passed
     * @param bool $settles an answer or a decision came just now, which ends what was overdue
     */
    public static function of(
        ?int $expected,
        bool $carriesPlan,
        bool $open,
        bool $owed,
        bool $peoples,
        bool $alerted,
        bool $settles,
        int $now,
    ): ?self {
        if ($expected === null || !$carriesPlan || !$open) {
            return null;
        }
        $passed = $expected <= $now;
        $overdue = match (true) {
            $peoples => null,
            $settles && (!$owed || !$passed) => false,
            // An edit took the mark away; without it osTicket would send its alert a second time.
            $owed && $passed && $alerted => true,
            default => null,
        };
        return new self($owed ? $expected : null, $overdue);
    }
}
