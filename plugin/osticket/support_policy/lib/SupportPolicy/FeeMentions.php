<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Canned responses of the desk's own that speak of the fee: nothing proves what is agreed to such a text. */
final class FeeMentions
{
    private const MOST = 50;

    /** @return list<array{id: int, title: string}> */
    public static function found(): array
    {
        $known = (Installation::paidHelp() ?? []) + ['words' => [], 'amounts' => []];
        $ours = array_values(Made::all('canned.'));
        $found = [];
        foreach (Database::rows('SELECT canned_id, title, response FROM ' . CANNED_TABLE . ' ORDER BY canned_id') as $row) {
            $isOurs = in_array((int) $row['canned_id'], $ours, true);
            if (!$isOurs && count($found) < self::MOST && self::areIn("$row[title]\n$row[response]", $known['words'], $known['amounts'])) {
                $found[] = ['id' => (int) $row['canned_id'], 'title' => (string) $row['title']];
            }
        }
        return $found;
    }

    /**
     * @param string $html a text as osTicket keeps it
     * @param list<string> $words
     * @param list<string> $amounts whole units and cents, as 85.00
     */
    public static function areIn(string $html, array $words, array $amounts): bool
    {
        $text = html_entity_decode(strip_tags(str_replace('<', ' <', $html)), ENT_QUOTES | ENT_HTML5, 'UTF-8');
        $text = (string) preg_replace('/[\s\x{A0}\x{202F}]+/u', ' ', mb_scrub($text, 'UTF-8'));
        $money = '(?:CAD?|CDN|\$|dollars?|piastres?)';
        $patterns = array_map(static fn (string $word) => '(?<![\p{L}\p{N}])' . preg_quote($word, '/') . '(?![\p{L}\p{N}])', $words);
        foreach ($amounts as $amount) {
            [$units, $cents] = explode('.', $amount, 2) + [1 => '00'];
            $sum = preg_quote($units, '/') . ($cents === '00' ? '(?:[.,]00)?' : "[.,]$cents");
            $patterns[] = "(?<![\\p{L}\\d.,])$sum ?$money(?!\\p{L})|$money ?$sum(?![.,]?\\d)";
        }
        return $patterns !== [] && preg_match('/' . implode('|', $patterns) . '/iu', $text) === 1;
    }
}
