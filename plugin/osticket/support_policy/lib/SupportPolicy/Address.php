<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * Which addresses the plugin may call.
 *
 * An admin types the address, but the web server can reach what an admin cannot: a service on this
 * machine or in a private network is called only when that is asked for.
 */
final class Address
{
    private const NOT_PUBLIC = [
        '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12',
        '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15',
        '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3',
        '::/96', '::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32',
        '2002::/16', 'fc00::/7', 'fe80::/9', 'ff00::/8',
    ];

    private const LOCAL_NAMES = '/(^|\.)(localhost|local|internal|lan|home\.arpa|localdomain)$/';

    /**
     * Why an address cannot be used, in English for the translator; '' when it can.
     *
     * @param ?callable(string): list<string> $lookUp the addresses of a name; without it, only what
     *        the address itself says is judged and nothing is waited for
     */
    public static function problem(string $url, bool $allowPrivate, ?callable $lookUp = null): string
    {
        $parts = preg_match('/[\s\x00-\x1f\x7f\\\\]/', $url) ? false : parse_url($url);
        $scheme = strtolower($parts['scheme'] ?? '');
        $host = self::plain($parts['host'] ?? '');
        return match (true) {
            !$parts || $host === '' || !in_array($scheme, ['http', 'https'], true) =>
                /* @trans */ 'Enter a full address such as https://policy.example.com/webhooks/osticket.',
            isset($parts['user']) || isset($parts['pass']) || isset($parts['fragment']) =>
                /* @trans */ 'The address must have no user name, password or # part.',
            self::isDisguised($host) =>
                /* @trans */ 'Write the host as a name or as a plain IP address.',
            $allowPrivate => '',
            $scheme === 'http' =>
                /* @trans */ 'Use https: over http, others could read what customers write. Only a service on this machine or in a private network may use http; tick the box for that below.',
            self::isPrivateHost($host, $lookUp) =>
                /* @trans */ 'This address is on this machine or in a private network. If the service really runs there, tick the box for that below.',
            default => '',
        };
    }

    /**
     * The addresses of a name, as the web server sees them. It may wait for DNS: only for the form.
     *
     * @return list<string>
     */
    public static function lookUp(string $host): array
    {
        $six = @dns_get_record($host, DNS_AAAA) ?: [];
        return array_merge(gethostbynamel($host) ?: [], array_column($six, 'ipv6'));
    }

    /** Whether an IP address is on this machine, in a private network, or no ordinary public one. */
    public static function isPrivate(string $ip): bool
    {
        $bytes = @inet_pton($ip);
        if ($bytes === false) {
            return true;
        }
        foreach (self::NOT_PUBLIC as $range) {
            if (self::isWithin($bytes, $range)) {
                return true;
            }
        }
        return false;
    }

    private static function isWithin(string $bytes, string $range): bool
    {
        [$network, $bits] = explode('/', $range);
        $network = (string) inet_pton($network);
        if (strlen($network) !== strlen($bytes)) {
            return false;
        }
        [$whole, $rest] = [intdiv((int) $bits, 8), (int) $bits % 8];
        if (strncmp($bytes, $network, $whole) !== 0) {
            return false;
        }
        $mask = 0xff << (8 - $rest) & 0xff;
        return $rest === 0 || (ord($bytes[$whole]) & $mask) === (ord($network[$whole]) & $mask);
    }

    /** @param ?callable(string): list<string> $lookUp */
    private static function isPrivateHost(string $host, ?callable $lookUp): bool
    {
        if (filter_var($host, FILTER_VALIDATE_IP)) {
            return self::isPrivate($host);
        }
        if (!str_contains($host, '.') || preg_match(self::LOCAL_NAMES, $host)) {
            return true;
        }
        return $lookUp !== null && array_filter($lookUp($host), self::isPrivate(...)) !== [];
    }

    /** Whether a host is a number that only some programs take for an IP address: 2130706433, 0x7f.1, 127.1. */
    private static function isDisguised(string $host): bool
    {
        return !filter_var($host, FILTER_VALIDATE_IP)
            && (preg_match('/(^|\.)(\d+|0x[0-9a-f]*)$/', $host) || preg_match('/[^a-z0-9._-]/', $host));
    }

    private static function plain(string $host): string
    {
        return rtrim(trim(strtolower($host), '[]'), '.');
    }
}
