<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** The shape of what a decision writes. */
final class Update
{
    public const FIELDS = ['class', 'expected_at', 'reason', 'state'];
    public const STAMP = 'support-policy ';

    private const LONGEST_TEXT = 60000;

    /** Why it cannot be carried out; '' when it can, or says nothing. */
    public static function problem(mixed $update): string
    {
        if ($update === null) {
            return '';
        }
        if (!is_array($update) || ($update !== [] && array_is_list($update))) {
            return 'what it writes is not an object';
        }
        foreach ($update as $name => $value) {
            if (!self::isWell((string) $name, $value)) {
                return 'what it writes is malformed: ' . (preg_match('/^\w{1,20}$/D', (string) $name) ? $name : '?');
            }
        }
        return '';
    }

    private static function isWell(string $name, mixed $value): bool
    {
        return match ($name) {
            'priority', 'target', 'department' => is_string($value) && $value !== '' && strlen($value) <= 255,
            'due_at' => Instant::parse($value) !== null,
            'tags' => self::isList($value, fn (mixed $tag) => is_string($tag) && preg_match(Fields::TAG, $tag)),
            'fields' => is_array($value) && self::areFields($value),
            'note' => is_array($value) && self::isNote($value),
            // A newer service may say more than this plugin knows.
            default => true,
        };
    }

    private static function isList(mixed $value, callable $isWell): bool
    {
        return is_array($value) && array_is_list($value) && count($value) <= 100
            && count(array_filter($value, $isWell)) === count($value);
    }

    /** @param array<mixed> $fields */
    private static function areFields(array $fields): bool
    {
        foreach ($fields as $name => $value) {
            if (!is_string($value) || strlen($value) > self::LONGEST_TEXT || is_int($name)) {
                return false;
            }
        }
        return true;
    }

    /** @param array<mixed> $note */
    private static function isNote(array $note): bool
    {
        [$stamp, $text] = [$note['stamp'] ?? null, $note['text'] ?? null];
        return is_string($stamp) && is_string($text)
            && str_starts_with($stamp, self::STAMP) && strlen($stamp) <= 200
            && !strpbrk($stamp, "[]\r\n<>&")
            && strlen($text) <= self::LONGEST_TEXT && str_contains($text, "[$stamp]");
    }
}
