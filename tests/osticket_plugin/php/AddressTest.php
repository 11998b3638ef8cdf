<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Address;

final class AddressTest extends TestCase
{
    /** @dataProvider usable */
    public function test_a_public_https_address_can_be_used(string $url): void
    {
        self::assertSame('', Address::problem($url, false));
    }

    public static function usable(): array
    {
        return [
            ['https://policy.example.com/webhooks/osticket'],
            ['HTTPS://Policy.Example.Com:8443/webhooks/osticket?desk=a'],
            ['https://8.8.8.8/webhooks/osticket'],
            ['https://[2606:4700::1111]/webhooks/osticket'],
        ];
    }

    /** @dataProvider unusable */
    public function test_what_is_no_plain_web_address_is_never_used(string $url): void
    {
        self::assertNotSame('', Address::problem($url, false));
        self::assertNotSame('', Address::problem($url, true));
    }

    public static function unusable(): array
    {
        return [
            'nothing' => [''],
            'no scheme' => ['policy.example.com/webhooks/osticket'],
            'a file' => ['file:///etc/passwd'],
            'another scheme' => ['gopher://policy.example.com/'],
            'no host' => ['https:///webhooks'],
            'credentials' => ['https://ada:secret@policy.example.com/'],
            'a user alone' => ['https://ada@policy.example.com/'],
            'a fragment' => ['https://policy.example.com/#a'],
            'a line break' => ["https://policy.example.com/\r\nHost: a"],
            'a space' => ['https://policy.example.com/a b'],
            'a backslash' => ['https://policy.example.com\\@10.0.0.1/'],
            'a port out of range' => ['https://policy.example.com:99999/'],
            'a whole number' => ['https://2130706433/'],
            'hexadecimal' => ['https://0x7f000001/'],
            'octal' => ['https://0177.0.0.1/'],
            'a short form' => ['https://127.1/'],
            'letters of another script' => ['https://pоlicy.example.com/'],
        ];
    }

    /** @dataProvider hidden */
    public function test_a_private_address_is_used_only_when_it_is_allowed(string $host): void
    {
        self::assertStringContainsString('private network', Address::problem("https://$host/", false));
        self::assertSame('', Address::problem("https://$host/", true));
    }

    public static function hidden(): array
    {
        return array_map(static fn (string $host) => [$host], [
            'localhost', 'LOCALHOST.', 'policy.localhost', 'policy', 'policy.internal', 'policy.lan',
            '127.0.0.1', '127.255.255.254', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1',
            '169.254.169.254', '100.64.0.1', '100.127.255.255', '224.0.0.1', '255.255.255.255',
            '[::1]', '[::]', '[fe80::1]', '[fd00::1]', '[fc00::1]', '[::ffff:10.0.0.1]', '[::ffff:8.8.8.8]',
            '[64:ff9b::a00:1]', '[2002:a00:1::]', '[ff02::1]',
        ]);
    }

    /** @dataProvider neighbours */
    public function test_the_neighbours_of_private_networks_are_public(string $ip): void
    {
        self::assertFalse(Address::isPrivate($ip));
    }

    public static function neighbours(): array
    {
        return array_map(static fn (string $ip) => [$ip], [
            '9.255.255.255', '11.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0',
            '100.63.255.255', '100.128.0.0', '128.0.0.1', '169.253.255.255', '223.255.255.255', '1.0.0.0',
            '2001:200::1', '2606:4700::1111',
        ]);
    }

    public function test_over_http_only_a_private_service_is_called(): void
    {
        self::assertStringContainsString('https', Address::problem('http://policy.example.com/', false));
        self::assertSame('', Address::problem('http://10.0.0.5:8001/webhooks/osticket', true));
    }

    public function test_a_name_that_leads_to_a_private_address_is_refused_where_names_are_looked_up(): void
    {
        $one_of_two = static fn (string $name): array => ['8.8.8.8', '10.0.0.5'];
        self::assertNotSame('', Address::problem('https://policy.example.com/', false, $one_of_two));
        self::assertSame('', Address::problem('https://policy.example.com/', true, $one_of_two));
        $public = static fn (string $name): array => $name === 'policy.example.com' ? ['8.8.8.8'] : ['::1'];
        self::assertSame('', Address::problem('https://Policy.example.com./', false, $public));
    }

    public function test_without_a_look_up_nothing_is_waited_for(): void
    {
        $started = hrtime(true);
        Address::problem('https://no-such-host.example.invalid/', false);
        self::assertLessThan(50_000_000, hrtime(true) - $started);
    }
}
