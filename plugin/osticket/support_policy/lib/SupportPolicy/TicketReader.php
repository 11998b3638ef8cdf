<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** A ticket as the service is told of it. */
final class TicketReader
{
    private readonly TicketForm $form;
    private readonly History $history;
    private readonly ?State $state;

    private function __construct(private readonly \Ticket $ticket, private readonly Facts $facts)
    {
        $this->form = new TicketForm($ticket);
        $this->history = History::of((int) $ticket->getId());
        $this->state = State::of((int) $ticket->getId());
    }

    /** A ticket as the database has it now, whatever this request has read or changed before; null: deleted. */
    public static function fresh(int $id): ?\Ticket
    {
        \ModelInstanceManager::flushCache();
        return \Ticket::lookup($id) ?: null;
    }

    /** @return array<string, mixed> TICKET of the wire */
    public static function read(\Ticket $ticket): array
    {
        return (new self($ticket, Creation::factsOf($ticket)))->told();
    }

    /** @return array<string, mixed> */
    private function told(): array
    {
        $message = EntryText::of($this->history->firstMessage());
        $told = [
            'id' => (int) $this->ticket->getId(),
            'number' => (string) $this->ticket->getNumber(),
            'created_at' => Instant::spell($this->instant($this->ticket->getCreateDate())),
            'status' => $this->ticket->isOpen() ? 'open' : 'closed',
            'subject' => $this->form->text('subject'),
            'body' => $message['body'],
            'format' => $message['format'],
            'source' => strtolower((string) $this->ticket->source),
            'opened_by' => $this->facts->openedBy,
            'identity' => $this->facts->identity,
            'automatic' => $this->facts->automatic,
            'requester' => $this->requester(),
            'department' => (string) ($this->ticket->getDept()?->name ?? ''),
            'priority' => ($priority = $this->form->priority()) ? strtolower((string) $priority->getTag()) : null,
            'due_at' => Instant::spell($this->dueAt()),
            'set_by_staff' => $this->setByStaff(),
            'tags' => array_map(strval(...), array_keys($this->form->tags())),
            'fields' => (object) $this->fields(),
            'notes' => $this->history->stamps(),
            'decided_at' => $this->state?->decidedAt,
        ];
        return $told + ['revision' => substr(hash('sha256', Json::spell($told)), 0, 16)];
    }

    /** @return array{address: string, language: ?string} */
    private function requester(): array
    {
        $account = $this->ticket->getUser()?->getAccount();
        $language = $account ? (string) $account->getLanguage() : '';
        return [
            'address' => (string) $this->ticket->getEmail(),
            'language' => preg_match('/^[a-z]{2}/', $language, $found) ? $found[0] : null,
        ];
    }

    private function dueAt(): ?int
    {
        $isOurs = $this->state?->expected !== null && $this->state->planId === (int) $this->ticket->getSLAId();
        return $this->instant($this->ticket->duedate)
            ?? ($isOurs ? $this->state->expected : $this->instant($this->ticket->est_duedate));
    }

    /** @return list<string> */
    private function setByStaff(): array
    {
        $priority = $this->ticket->getPriorityField();
        $isSet = [
            'priority' => $priority && $this->history->staffSetField((int) $priority->get('id')),
            'due_at' => $this->ticket->duedate !== null || $this->history->staffSetColumn('sla_id'),
            'department' => $this->history->staffMoved(),
        ];
        $names = array_keys(array_filter($isSet));
        return array_values(array_unique([...$names, ...$this->facts->chosen]));
    }

    /** @return array<string, string> */
    private function fields(): array
    {
        $texts = [];
        foreach (Update::FIELDS as $name) {
            $texts[$name] = $this->form->text(Fields::variable($name));
        }
        return array_filter($texts, fn (string $text) => $text !== '');
    }

    private function instant(mixed $text): ?int
    {
        global $cfg;

        return Instant::fromDatabase($text === null ? null : (string) $text, (string) $cfg->getDbTimezone());
    }
}
