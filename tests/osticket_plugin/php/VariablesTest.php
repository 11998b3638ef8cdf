<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

require_once __DIR__ . '/stand_ins/models.php';

use PHPUnit\Framework\TestCase;
use SupportPolicy\Variables;

final class VariablesTest extends TestCase
{
    /** @dataProvider texts */
    public function test_a_variable_is_found_as_osticket_finds_it(bool $found, string $text): void
    {
        self::assertSame($found, Variables::areIn('a subject', $text, ''));
    }

    public static function texts(): iterable
    {
        yield 'plain' => [true, 'class=%{ticket.policy_class}'];
        yield 'as an address spells it' => [true, '%7Bticket.policy_class%7D'];
        yield 'as osTicket looks for it' => [true, '%%7bticket.policy_class%7d'];
        yield 'a share' => [false, '100% of {our} mail, 50 %'];
        yield 'nothing' => [false, ''];
    }

    public function test_only_our_fields_are_withheld(): void
    {
        $answers = ['subject' => 1, 'policy_class' => 2, 'policy_tags' => 3, 'priority' => 4, 'policy_number' => 5];
        self::assertSame(['subject' => 1, 'priority' => 4, 'policy_number' => 5], Variables::without($answers));
    }
}
