<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * Keeps customers from reading our fields by mail.
 *
 * osTicket fills in the variables of a mail to a ticket's collaborators twice: one that a customer
 * wrote, as %{ticket.policy_class}, is there at the second time.
 */
final class Variables
{
    /** As osTicket finds the start of one. */
    private const START = '/%(?:\{|%?7B)/i';

    public static function areIn(string ...$texts): bool
    {
        return preg_grep(self::START, $texts) !== [];
    }

    /** In the request that takes such a message, no mail has our fields: the database keeps them. */
    public static function withhold(\ThreadEntry $message): void
    {
        $ticket = $message->getThread()?->getObject();
        if (!$ticket instanceof \Ticket) {
            return;
        }
        $written = [$message->getBody(), $message->poster, $message->getUser()?->getName(), $ticket->getSubject(), $ticket->getName()];
        if (self::areIn(...array_map(strval(...), $written))) {
            $ticket->loadDynamicData();
            $ticket->_answers = self::without($ticket->_answers);
        }
    }

    /**
     * @param array<string, mixed> $answers by the names of their fields
     * @return array<string, mixed>
     */
    public static function without(array $answers): array
    {
        return array_diff_key($answers, array_flip(array_map(Fields::variable(...), Fields::NAMES)));
    }
}
