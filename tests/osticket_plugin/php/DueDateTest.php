<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\DueDate;

final class DueDateTest extends TestCase
{
    private const NOW = 1795543200;
    private const SOON = self::NOW + 3600;
    private const PAST = self::NOW - 60;

    /** @param array<string, mixed> $other */
    private static function due(array $other = []): ?DueDate
    {
        return DueDate::of(...$other + [
            'expected' => self::SOON, 'carriesPlan' => true, 'open' => true, 'owed' => true,
            'peoples' => false, 'alerted' => false, 'settles' => false, 'now' => self::NOW,
        ]);
    }

    public function test_as_long_as_an_answer_is_owed_it_is_the_policy_s_instant(): void
    {
        self::assertSame(self::SOON, self::due()->estimated);
        self::assertSame(self::PAST, self::due(['expected' => self::PAST])->estimated);
        self::assertNull(self::due()->overdue);
    }

    public function test_after_the_answer_nothing_is_due(): void
    {
        $due = self::due(['owed' => false]);
        self::assertNull($due->estimated);
        self::assertNull($due->overdue);
        self::assertFalse(self::due(['owed' => false, 'settles' => true])->overdue);
    }

    public function test_a_late_answer_ends_what_was_overdue(): void
    {
        $due = self::due(['expected' => self::PAST, 'owed' => false, 'alerted' => true, 'settles' => true]);
        self::assertNull($due->estimated);
        self::assertFalse($due->overdue);
    }

    public function test_an_edit_does_not_lead_to_a_second_alert(): void
    {
        self::assertTrue(self::due(['expected' => self::PAST, 'alerted' => true])->overdue);
    }

    public function test_the_first_alert_is_osticket_s_own(): void
    {
        self::assertNull(self::due(['expected' => self::PAST])->overdue);
    }

    public function test_a_decision_for_later_ends_what_was_overdue(): void
    {
        self::assertFalse(self::due(['settles' => true])->overdue);
    }

    public function test_a_decision_that_is_past_already_leaves_the_mark_to_osticket(): void
    {
        self::assertNull(self::due(['expected' => self::PAST, 'settles' => true])->overdue);
    }

    public function test_an_agent_s_mark_before_the_time_stays(): void
    {
        self::assertNull(self::due()->overdue);
    }

    public function test_with_an_agent_s_own_due_date_the_mark_belongs_to_it(): void
    {
        foreach ([['owed' => false, 'settles' => true], ['expected' => self::PAST, 'alerted' => true]] as $other) {
            self::assertNull(self::due($other + ['peoples' => true])->overdue);
        }
        // Ours waits behind it, for the day when they clear theirs.
        self::assertSame(self::SOON, self::due(['peoples' => true])->estimated);
    }

    public function test_with_another_plan_or_closed_or_undecided_nothing_is_ours(): void
    {
        self::assertNull(self::due(['carriesPlan' => false]));
        self::assertNull(self::due(['open' => false]));
        self::assertNull(self::due(['expected' => null]));
    }
}
