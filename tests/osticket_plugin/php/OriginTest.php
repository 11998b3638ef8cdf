<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Origin;

final class OriginTest extends TestCase
{
    /** @dataProvider doors */
    public function test_the_sender_is_known_by_the_door(string $identity, array $door): void
    {
        $seen = $door + ['byStaff' => false, 'byOwner' => false, 'byForm' => false, 'apiPath' => null, 'source' => 'Web'];
        self::assertSame($identity, Origin::identity(...$seen));
    }

    public static function doors(): iterable
    {
        yield 'an agent' => ['staff', ['byStaff' => true, 'source' => 'Phone']];
        yield 'a customer who is logged in' => ['client', ['byForm' => true, 'byOwner' => true]];
        yield 'anybody at the form' => ['guest', ['byForm' => true]];
        yield 'anybody who claims to be a mail' => ['guest', ['byForm' => true, 'source' => 'Email']];
        yield 'a program' => ['api', ['apiPath' => '/tickets.json', 'source' => 'API']];
        yield 'a program that claims to be a mail' => ['api', ['apiPath' => '/tickets.json', 'source' => 'Email']];
        yield 'a program in XML' => ['api', ['apiPath' => '/tickets.xml', 'source' => 'Web']];
        yield 'a mail that is piped' => ['email', ['apiPath' => '/tickets.email', 'source' => 'Email']];
        yield 'a mail that cron fetches' => ['email', ['apiPath' => '/tasks/cron', 'source' => 'Email']];
        yield 'a mail that an open page of an agent fetches' => ['email', ['source' => 'Email']];
        yield 'nobody knows' => ['unknown', ['source' => 'Other']];
        yield 'logged in, but the ticket came another way' => ['unknown', ['byOwner' => true, 'source' => 'Web']];
    }

    public function test_an_agent_chose_what_nothing_else_would_have_given(): void
    {
        $values = ['priority' => [4, [2, 2]], 'due_at' => [1, [0, 0, 1]]];
        self::assertSame(['priority'], Origin::chosen(true, $values));
    }

    public function test_what_a_customer_s_form_carried_was_chosen_by_nobody(): void
    {
        self::assertSame([], Origin::chosen(false, ['priority' => [4, [2]]]));
    }

    public function test_nothing_there_is_nothing_chosen(): void
    {
        self::assertSame([], Origin::chosen(true, ['priority' => [0, [2]], 'due_at' => [0, [1]]]));
    }
}
