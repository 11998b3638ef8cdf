<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** A ticket as far as permission for paid help goes, as the service is told of it. */
final class Conversation
{
    private readonly TicketForm $form;

    private function __construct(private readonly \Ticket $ticket, private readonly Settings $settings)
    {
        $this->form = new TicketForm($ticket);
    }

    /** @return array<string, mixed> CONVERSATION of the wire */
    public static function read(\Ticket $ticket, Settings $settings): array
    {
        return (new self($ticket, $settings))->told();
    }

    /** @return list<string> the stamps of our own messages and notes; customers and agents quote */
    public static function posted(int $ticketId): array
    {
        $rows = Database::rows(
            'SELECT entry.body FROM ' . THREAD_ENTRY_TABLE . ' entry
               JOIN ' . THREAD_TABLE . " thread ON thread.id = entry.thread_id
              WHERE thread.object_id = ? AND thread.object_type IN ('T', 'C') AND entry.type IN ('R', 'N')
                AND entry.staff_id = 0 AND entry.user_id = 0 AND entry.poster = ? ORDER BY entry.id",
            [$ticketId, Machine::NAME]
        );
        $stamps = array_map(fn (array $row) => Stamp::in((string) $row['body']), $rows);
        return array_values(array_unique(array_filter($stamps)));
    }

    /** @return array<string, mixed> */
    private function told(): array
    {
        $id = (int) $this->ticket->getId();
        $told = [
            'id' => $id,
            'number' => (string) $this->ticket->getNumber(),
            'subject' => $this->form->text('subject'),
            'status' => $this->ticket->isOpen() ? 'open' : 'closed',
            'requester' => $this->requester(),
            'tags' => array_map(strval(...), array_keys($this->form->tags())),
            'ask' => $this->ask(),
            'messages' => $this->messages(),
            'posted' => self::posted($id),
            'trusted_authserv' => $this->settings->trustedAuthserv,
        ];
        return $told + ['revision' => substr(hash('sha256', Json::spell($told)), 0, 16)];
    }

    /** @return array<string, mixed> */
    private function requester(): array
    {
        $account = $this->ticket->getUser()?->getAccount();
        $language = $account ? (string) $account->getLanguage() : '';
        return [
            'name' => (string) $this->ticket->getName(),
            'address' => (string) $this->ticket->getEmail(),
            'language' => preg_match('/^[a-z]{2}/', $language, $found) ? $found[0] : null,
            // Its address was confirmed, by a link that was mailed there or by an admin.
            'verified' => $account ? (bool) $account->isActive() : null,
        ];
    }

    /** @return ?array<string, string> what an agent asked, unless they took the tag away again */
    private function ask(): ?array
    {
        $row = Hints::openAsk((int) $this->ticket->getId());
        if ($row === null || !array_key_exists(Ask::TAG, $this->form->tags())) {
            return null;
        }
        $ask = Ask::on($this->form);
        return [
            'mark' => (string) $row['event'],
            // Not what stands in the field, which agents may change.
            'by' => (string) (\Staff::lookup((int) $row['staff_id'])?->getName() ?? ''),
            'reason' => $ask->reason,
            'work' => $ask->work,
            'blocks' => $ask->blocks,
            'permitter' => $ask->permitter,
        ];
    }

    /** @return list<array<string, mixed>> */
    private function messages(): array
    {
        $identities = Hints::identities((int) $this->ticket->getId());
        // What an agent edited is not what the customer wrote: that is kept, out of sight.
        $rows = Database::rows(
            'SELECT entry.id FROM ' . THREAD_ENTRY_TABLE . ' entry
               JOIN ' . THREAD_TABLE . " thread ON thread.id = entry.thread_id
              WHERE thread.object_id = ? AND thread.object_type IN ('T', 'C') AND entry.type = 'M'
                AND entry.staff_id = 0 AND entry.user_id > 0 AND entry.flags & ? = 0 ORDER BY entry.id",
            [(int) $this->ticket->getId(), \ThreadEntry::FLAG_CHILD | \ThreadEntry::FLAG_EDITED]
        );
        $told = [];
        foreach ($rows as $row) {
            $entry = \ThreadEntry::lookup((int) $row['id']);
            $told[] = $this->message($entry, $identities[(int) $row['id']] ?? '');
        }
        return $told;
    }

    /** @return array<string, mixed> */
    private function message(\ThreadEntry $entry, string $identity): array
    {
        global $cfg;

        $at = Instant::fromDatabase((string) $entry->created, (string) $cfg->getDbTimezone());
        return [
            'id' => (int) $entry->getId(),
            'at' => Instant::spell($at),
            'address' => (string) $entry->getUser()?->getEmail(),
            'identity' => $identity,
            'automatic' => (bool) $entry->isBounceOrAutoReply(),
            'headers' => MailHeaders::picked((string) $entry->getEmailHeader()),
        ] + EntryText::of($entry);
    }
}
