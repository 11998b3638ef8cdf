<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What the moment of creation tells, taken then or, for a ticket from before the plugin, guessed with care. */
final class Creation
{
    /** In the request that creates it. */
    public static function facts(\Ticket $ticket, bool $isFlagged): Facts
    {
        global $thisstaff, $thisclient;

        $byStaff = $thisstaff instanceof \Staff;
        $identity = Origin::identity(
            byStaff: $byStaff,
            byOwner: self::isOwner($thisclient, $ticket),
            byForm: defined('SOURCE') && SOURCE === 'Web',
            apiPath: defined('APICALL') ? (string) \Osticket::get_path_info() : null,
            source: (string) $ticket->source,
        );
        $message = $ticket->getLastMessage();
        return new Facts(
            identity: $identity,
            openedBy: $byStaff ? 'staff' : 'requester',
            // Only what the mail server's headers say: a form can claim anything.
            automatic: $identity === 'email'
                && ($isFlagged || ($message instanceof \ThreadEntry && $message->isBounceOrAutoReply())),
            chosen: self::chosen($ticket, $byStaff),
        );
    }

    public static function factsOf(\Ticket $ticket): Facts
    {
        $row = Outbox::ofTicket((int) $ticket->getId());
        if ($row !== null) {
            return Facts::ofRow($row);
        }
        $byStaff = History::of((int) $ticket->getId())->staffOpened();
        return new Facts(
            identity: $byStaff ? 'staff' : 'unknown',
            openedBy: $byStaff ? 'staff' : 'requester',
            automatic: false,
            chosen: self::chosen($ticket, $byStaff),
        );
    }

    /** Before our first change to a ticket from before the plugin: afterwards its values tell nothing of its creation. */
    public static function keep(\Ticket $ticket): void
    {
        if (Outbox::ofTicket((int) $ticket->getId()) === null) {
            $facts = self::factsOf($ticket);
            Outbox::know((int) $ticket->getId(), (string) $ticket->getNumber(), $facts, time());
        }
    }

    /** How who wrote a message is known: logged in for real, or only somebody who has the ticket's link. */
    public static function identityOf(\ThreadEntry $entry): string
    {
        global $thisclient;

        $isClient = $thisclient instanceof \EndUser && $thisclient->isValid();
        return match (true) {
            (string) $entry->getEmailHeader() !== '' => 'email',
            !$isClient => 'unknown',
            $thisclient->isGuest() || (int) $thisclient->getId() !== (int) $entry->getUserId() => 'guest',
            default => 'client',
        };
    }

    /** A guest who came by a ticket's link is somebody who has the link. */
    private static function isOwner(mixed $client, \Ticket $ticket): bool
    {
        return $client instanceof \EndUser && $client->isValid() && !$client->isGuest()
            && (int) $client->getId() === (int) $ticket->getOwnerId();
    }

    /** @return list<string> */
    private static function chosen(\Ticket $ticket, bool $byStaff): array
    {
        global $cfg;

        $topic = $ticket->getTopic();
        $priority = (new TicketForm($ticket))->priority();
        $numbers = fn (mixed ...$ids) => array_map(intval(...), $ids);
        return Origin::chosen($byStaff, [
            'priority' => [
                (int) $priority?->getId(),
                $numbers($topic?->getPriorityId(), $cfg->getDefaultPriorityId()),
            ],
            'due_at' => [
                (int) $ticket->getSLAId(),
                $numbers($topic?->getSLAId(), $ticket->getDept()?->getSLAId(), $cfg->getDefaultSLAId()),
            ],
            'department' => [
                (int) $ticket->getDeptId(),
                $numbers($topic?->getDeptId(), $cfg->getDefaultDeptId()),
            ],
        ]);
    }
}
