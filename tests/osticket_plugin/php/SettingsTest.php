<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Settings;

final class SettingsTest extends TestCase
{
    // "made up for tests, no secret", 28 bytes, and 24 bytes of "a".
    private const CURRENT = 'whsec_bWFkZSB1cCBmb3IgdGVzdHMsIG5vIHNlY3JldA==';
    private const PREVIOUS = 'whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh';

    public function test_nothing_chosen_means_observe_all_tickets_and_leave_departments_alone(): void
    {
        $settings = Settings::fromConfig([]);
        self::assertSame('observe', $settings->mode);
        self::assertSame('all', $settings->tickets);
        self::assertSame(['priority', 'due_at', 'plan', 'tags', 'fields', 'note'], $settings->writes);
        self::assertFalse($settings->allowPrivate);
        self::assertSame('en', $settings->language);
        self::assertFalse($settings->usable());
    }

    public function test_agents_may_ask_only_where_what_follows_may_be_written(): void
    {
        $usable = ['url' => 'https://policy.example.com/webhooks/osticket', 'secret' => self::CURRENT];
        self::assertTrue(Settings::fromConfig(['mode' => 'enforce'] + $usable)->asks());
        self::assertFalse(Settings::fromConfig($usable)->asks());
        self::assertFalse(Settings::fromConfig(['mode' => 'enforce', 'paid_help' => ''] + $usable)->asks());
        self::assertFalse(Settings::fromConfig(['mode' => 'enforce'])->asks());
    }

    public function test_the_mail_server_that_is_trusted_is_a_name_in_small_letters_or_none(): void
    {
        self::assertSame('mx.example.com', Settings::fromConfig(['trusted_authserv' => ' MX.Example.com '])->trustedAuthserv);
        self::assertSame('', Settings::fromConfig([])->trustedAuthserv);
    }

    public function test_a_choice_is_understood_in_every_form_that_osticket_gives_it(): void
    {
        self::assertSame('enforce', Settings::fromConfig(['mode' => ['enforce' => 'Enforce: …']])->mode);
        self::assertSame('enforce', Settings::fromConfig(['mode' => 'enforce'])->mode);
        self::assertSame('filtered', Settings::fromConfig(['tickets' => ['filtered' => '…']])->tickets);
    }

    public function test_what_is_not_a_choice_is_the_careful_one(): void
    {
        $settings = Settings::fromConfig(['mode' => [], 'tickets' => null, 'language' => 'de']);
        self::assertSame(['observe', 'all', 'en'], [$settings->mode, $settings->tickets, $settings->language]);
    }

    public function test_only_what_is_ticked_is_written(): void
    {
        $none = array_fill_keys(array_map(fn ($what) => "write_$what", Settings::WRITES), false);
        self::assertSame([], Settings::fromConfig($none)->writes);
        $two = ['write_note' => true, 'write_department' => true] + $none;
        self::assertSame(['department', 'note'], Settings::fromConfig($two)->writes);
    }

    public function test_the_current_secret_comes_before_the_previous_one(): void
    {
        $values = ['previous_secret' => self::PREVIOUS, 'secret' => self::CURRENT];
        self::assertSame([self::CURRENT, self::PREVIOUS], Settings::fromConfig($values)->secrets);
    }

    public function test_a_secret_given_twice_or_spoilt_counts_once_or_not_at_all(): void
    {
        $twice = ['secret' => self::CURRENT, 'previous_secret' => self::CURRENT];
        self::assertSame([self::CURRENT], Settings::fromConfig($twice)->secrets);
        $spoilt = ['secret' => 'whsec_', 'previous_secret' => false];
        self::assertSame([], Settings::fromConfig($spoilt)->secrets);
    }

    public function test_an_address_and_a_secret_are_enough_to_send(): void
    {
        $values = ['url' => ' https://policy.example.com/webhooks/osticket ', 'secret' => self::CURRENT];
        $settings = Settings::fromConfig($values);
        self::assertTrue($settings->usable());
        self::assertSame('https://policy.example.com/webhooks/osticket', $settings->url);
    }

    public function test_a_private_address_is_of_use_only_when_it_is_allowed(): void
    {
        $values = ['url' => 'http://127.0.0.1:8001/webhooks/osticket', 'secret' => self::CURRENT];
        self::assertFalse(Settings::fromConfig($values)->usable());
        self::assertTrue(Settings::fromConfig(['allow_private' => true] + $values)->usable());
    }

    /** @dataProvider secrets */
    public function test_a_secret_is_whsec_and_the_base64_of_24_to_64_bytes(string $text, bool $good): void
    {
        self::assertSame($good, Settings::isSecret($text));
    }

    public static function secrets(): array
    {
        return [
            '24 bytes' => [self::PREVIOUS, true],
            '23 bytes' => ['whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=', false],
            '64 bytes' => ['whsec_' . str_repeat('YWFh', 21) . 'YQ==', true],
            '65 bytes' => ['whsec_' . str_repeat('YWFh', 21) . 'YWE=', false],
            'no prefix' => ['YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh', false],
            'a space within' => ['whsec_YWFhYWFh YWFhYWFhYWFhYWFhYWFhYWFh', false],
            'a line behind' => [self::PREVIOUS . "\n", false],
            'another alphabet' => ['whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYW-_', false],
            'nothing' => ['', false],
        ];
    }
}
