<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

require_once __DIR__ . '/stand_ins/models.php';

use PHPUnit\Framework\TestCase;
use SupportPolicy\Fields;

final class FieldsTest extends TestCase
{
    public function test_a_new_tag_is_its_own_label(): void
    {
        self::assertSame("policy_low:policy_low\nlang_fr:lang_fr", Fields::withTags('', ['policy_low', 'lang_fr']));
    }

    public function test_what_an_admin_labelled_stays_as_it_is_and_where_it_is(): void
    {
        $choices = "b:Second\r\npolicy_low: Low by policy\r\n";
        self::assertSame("b:Second\npolicy_low: Low by policy\na:a", Fields::withTags($choices, ['policy_low', 'a', 'b']));
    }

    public function test_a_tag_is_added_once(): void
    {
        self::assertSame('a:a', Fields::withTags('a:a', ['a', 'a']));
    }

    public function test_what_would_break_osticket_s_lines_or_lists_is_no_tag(): void
    {
        $bad = ['', 'a:b', 'a,b', "a\nb", 'a b', '{a}', 'a"b', str_repeat('a', 61), "a\n", 'été'];
        self::assertSame('ok-1.2_3:ok-1.2_3', Fields::withTags('', [...$bad, 'ok-1.2_3']));
    }

    public function test_every_field_has_a_variable_of_its_own(): void
    {
        $expected = [
            'policy_class', 'policy_expected_at', 'policy_reason', 'policy_state', 'policy_tags',
            'policy_paid_reason', 'policy_paid_work', 'policy_paid_blocks', 'policy_paid_permitter', 'policy_paid_asked',
        ];
        self::assertSame($expected, array_map(Fields::variable(...), Fields::NAMES));
    }

    public function test_nobody_fills_our_fields_while_making_a_ticket(): void
    {
        DynamicFormField::$rows = [['id' => 36], ['id' => 37]];
        $vars = ['subject' => 'Help', 'policy_class' => 'forged', 'policy_tags' => ['a' => 'a'], 36 => 'x', '37' => 'y'];
        Fields::withhold($vars);
        self::assertSame(['subject' => 'Help'], $vars);
    }

    public function test_what_an_agent_s_form_sends_is_left_in_place(): void
    {
        DynamicFormField::$rows = [['id' => 36]];
        $vars = ['0d9b5c1f7a2e44' => ['policy_low'], 35 => 'another field', 'policy' => 'not ours'];
        $before = $vars;
        Fields::withhold($vars);
        self::assertSame($before, $vars);
    }
}
