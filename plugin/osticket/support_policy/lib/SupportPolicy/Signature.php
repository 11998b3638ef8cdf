<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * How the plugin and the service sign what they tell each other: Standard Webhooks.
 *
 * Whoever sends signs with all of its secrets and whoever receives accepts any of them, so that a
 * secret can be changed on either side first.
 */
final class Signature
{
    public const ID = 'webhook-id';
    public const TIMESTAMP = 'webhook-timestamp';
    public const SIGNATURE = 'webhook-signature';
    public const HEADERS = [self::ID, self::TIMESTAMP, self::SIGNATURE];

    /** Seconds that a timestamp may be from now, either way. */
    public const WINDOW = 300;

    private const MOST_SIGNATURES = 10;

    /**
     * The three headers of a message that is sent now.
     *
     * @param list<string> $secrets whsec_… texts
     * @return array<string, string>
     */
    public static function sign(string $payload, array $secrets, string $id, int $now): array
    {
        $timestamp = (string) $now;
        $made = array_map(fn (string $key) => self::made($payload, $key, $id, $timestamp), self::keys($secrets));
        return [self::ID => $id, self::TIMESTAMP => $timestamp, self::SIGNATURE => implode(' ', $made)];
    }

    /**
     * Why a message is not believed; '' when it is.
     *
     * @param array<string, string> $headers the three, in lower case
     * @param list<string> $secrets
     */
    public static function problem(string $payload, array $headers, array $secrets, int $now): string
    {
        [$id, $timestamp, $given] = array_map(fn (string $name) => $headers[$name] ?? '', self::HEADERS);
        if ($id === '' || $timestamp === '' || $given === '') {
            return 'it is not signed';
        }
        if (!preg_match('/^\d{1,10}$/D', $timestamp)) {
            return 'its timestamp is not a moment';
        }
        $matches = 0;
        foreach (array_slice(explode(' ', $given), 0, self::MOST_SIGNATURES) as $presented) {
            foreach (self::keys($secrets) as $key) {
                // Every pair is compared: how long it takes tells nothing.
                $matches |= (int) hash_equals(self::made($payload, $key, $id, $timestamp), $presented);
            }
        }
        if (!$matches) {
            return 'its signature was made with none of the secrets';
        }
        return abs($now - (int) $timestamp) > self::WINDOW ? 'it was signed too long ago or in the future' : '';
    }

    private static function made(string $payload, string $key, string $id, string $timestamp): string
    {
        return 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$payload", $key, true));
    }

    /**
     * @param list<string> $secrets
     * @return list<string> the keys they spell
     */
    private static function keys(array $secrets): array
    {
        $ours = array_filter($secrets, Settings::isSecret(...));
        return array_values(array_map(
            fn (string $secret) => (string) base64_decode(substr($secret, strlen('whsec_')), true),
            $ours
        ));
    }
}
