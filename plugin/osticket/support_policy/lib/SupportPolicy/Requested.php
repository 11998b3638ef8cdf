<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Whether a request for permission is open on a ticket. */
final class Requested
{
    public const TAG = 'fee_requested';

    /** One query, past osTicket's cache: it is asked at every message of a customer. */
    public static function isOpen(int $ticketId): bool
    {
        $value = Database::value(
            'SELECT answer.value FROM ' . FORM_ENTRY_TABLE . ' entry
               JOIN ' . FORM_ANSWER_TABLE . ' answer ON answer.entry_id = entry.id
               JOIN ' . FORM_FIELD_TABLE . " field ON field.id = answer.field_id
              WHERE entry.object_id = ? AND entry.object_type = 'T' AND field.name = ? LIMIT 1",
            [$ticketId, Fields::variable('tags')]
        );
        return self::isIn((string) $value);
    }

    /** @param string $value as osTicket keeps a choice of several */
    public static function isIn(string $value): bool
    {
        $tags = json_decode($value, true);
        return is_array($tags) && array_key_exists(self::TAG, $tags);
    }
}
