<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Moments as the wire, the database and we spell them. */
final class Instant
{
    private const WIRE = '/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/D';

    /** A moment of the wire, to the microsecond; null when it is none. */
    public static function parse(mixed $text): ?\DateTimeImmutable
    {
        if (!is_string($text) || !preg_match(self::WIRE, $text)) {
            return null;
        }
        $format = str_contains($text, '.') ? 'Y-m-d\TH:i:s.u\Z' : 'Y-m-d\TH:i:s\Z';
        $at = \DateTimeImmutable::createFromFormat("!$format", $text, new \DateTimeZone('UTC'));
        // PHP takes 31 February for 3 March.
        return $at && $at->format('Y-m-d\TH:i:s') === substr($text, 0, 19) ? $at : null;
    }

    public static function spell(?int $seconds): ?string
    {
        return $seconds === null ? null : gmdate('Y-m-d\TH:i:s\Z', $seconds);
    }

    /** To the microsecond and always as long, so that texts sort like the moments. */
    public static function exactly(\DateTimeImmutable $at): string
    {
        return $at->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s.u\Z');
    }

    /** A moment of the database, which keeps them without a zone. */
    public static function fromDatabase(?string $text, string $zone): ?int
    {
        if ($text === null || $text === '' || str_starts_with($text, '0000')) {
            return null;
        }
        $at = \DateTimeImmutable::createFromFormat('!Y-m-d H:i:s', $text, new \DateTimeZone($zone));
        return $at ? $at->getTimestamp() : null;
    }

    public static function toDatabase(int $seconds, string $zone): string
    {
        return (new \DateTimeImmutable("@$seconds"))->setTimezone(new \DateTimeZone($zone))->format('Y-m-d H:i:s');
    }
}
