<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What somebody wrote in an entry of a thread, as the service is told of it. */
final class EntryText
{
    private const LONGEST = 60000;

    /** @return array{body: string, format: string} */
    public static function of(?\ThreadEntry $entry): array
    {
        $body = $entry?->getBody();
        $isHtml = $body && $body->getType() === 'html';
        return ['body' => self::plain((string) $body, $isHtml), 'format' => $isHtml ? 'html' : 'text'];
    }

    private static function plain(string $text, bool $isHtml): string
    {
        if (!$isHtml) {
            // osTicket keeps plain text with its < and & spelled for a page.
            $text = htmlspecialchars_decode($text, ENT_QUOTES | ENT_HTML401);
        }
        // Control characters say nothing, and take six bytes each in JSON.
        $text = preg_replace('/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/', '', mb_scrub($text, 'UTF-8'));
        return mb_substr((string) $text, 0, self::LONGEST);
    }
}
