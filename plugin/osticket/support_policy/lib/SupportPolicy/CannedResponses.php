<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * The policy's texts for customers, one canned response for each language.
 *
 * None names a price: that is for a request that the service makes, and whose answer it can prove.
 */
final class CannedResponses
{
    private const MADE = 'canned.';

    /** How many are there still. */
    public static function count(): int
    {
        $ids = array_values(Made::all(self::MADE));
        return $ids ? \Canned::objects()->filter(['canned_id__in' => $ids])->count() : 0;
    }

    /**
     * Makes those never made: one that was deleted since is one that nobody wanted.
     *
     * @param list<array{name: string, language: string, title: string, body: string, notes: string}> $responses
     */
    public static function install(array $responses): void
    {
        foreach ($responses as $response) {
            $key = self::MADE . "{$response['name']}.{$response['language']}";
            if (Made::id($key) !== null || \Canned::getIdByTitle($response['title'])) {
                continue;
            }
            $errors = [];
            $canned = \Canned::create();
            $canned->update([
                'title' => $response['title'],
                'response' => $response['body'],
                'notes' => $response['notes'],
                'isenabled' => 1,
                'dept_id' => 0,
            ], $errors);
            if (!$canned->getId()) {
                throw new \RuntimeException("{$response['title']}: " . implode(' ', $errors));
            }
            Made::remember($key, (int) $canned->getId());
        }
    }

    public static function uninstall(): void
    {
        foreach (Made::all(self::MADE) as $id) {
            // One that a ticket filter sends stays: osTicket does not delete it either.
            \Canned::lookup($id)?->delete();
        }
    }
}
