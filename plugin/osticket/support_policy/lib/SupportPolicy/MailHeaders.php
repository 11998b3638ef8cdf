<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** The few headers of a customer's mail that tell how far it can be believed. */
final class MailHeaders
{
    private const NAMES = [
        'Auto-Submitted', 'Precedence', 'X-Auto-Response-Suppress', 'Authentication-Results', 'Return-Path',
        'Subject', 'List-Id', 'From',
    ];
    private const LONGEST = 2000;
    private const MOST = 40;

    /**
     * In the order of the mail: the topmost was written by who took it last.
     *
     * @param string $raw as osTicket keeps them
     * @return list<array{string, string}> name and value
     */
    public static function picked(string $raw): array
    {
        $unfolded = preg_replace('/\r?\n[ \t]+/', ' ', mb_scrub($raw, 'UTF-8'));
        $names = array_combine(array_map(strtolower(...), self::NAMES), self::NAMES);
        $picked = [];
        foreach (preg_split('/\r?\n/', (string) $unfolded) ?: [] as $line) {
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $known = $names[strtolower(trim($name))] ?? null;
            if ($known !== null && count($picked) < self::MOST) {
                $picked[] = [$known, mb_substr(trim($value), 0, self::LONGEST)];
            }
        }
        return $picked;
    }
}
