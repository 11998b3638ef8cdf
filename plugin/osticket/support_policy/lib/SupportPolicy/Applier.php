<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * Carries out a decision: writes what differs, and never over a person.
 *
 * Doing it a second time changes nothing, so a crash at any point is made good by the next attempt.
 */
final class Applier
{
    /** @var list<string> */
    private array $changes = [];

    private readonly TicketForm $form;
    private readonly ThreadEvent $event;

    /** @param array<string, mixed> $before the ticket, as it is told to the service */
    private function __construct(
        private readonly \Ticket $ticket,
        private readonly array $before,
        private readonly Answer $answer,
        private readonly Settings $settings,
    ) {
        $this->form = new TicketForm($ticket);
        $this->event = new ThreadEvent();
    }

    /** @return ?list<string> what it changed; null when the ticket is gone or a later decision was quicker */
    public static function apply(int $ticketId, Answer $answer, Settings $settings): ?array
    {
        $ticket = TicketReader::fresh($ticketId);
        if ($ticket === null) {
            return null;
        }
        Creation::keep($ticket);
        $alone = fn () => self::alone($ticketId, $answer, $settings);
        return Machine::does(fn () => Database::together($alone));
    }

    /** @return ?list<string> */
    private static function alone(int $ticketId, Answer $answer, Settings $settings): ?array
    {
        // Two decisions on one ticket wait for each other here; what is read is read after the wait.
        Outbox::lock($ticketId);
        $ticket = TicketReader::fresh($ticketId);
        $last = State::of($ticketId)?->decidedAt;
        if ($ticket === null || ($last !== null && $answer->decidedAt < $last)) {
            return null;
        }
        if (!$ticket->isOpen()) {
            return []; // closed while the service thought
        }
        return (new self($ticket, TicketReader::read($ticket), $answer, $settings))->carryOut();
    }

    /** @return list<string> */
    private function carryOut(): array
    {
        $update = array_intersect_key($this->answer->update, array_flip([...$this->settings->writes, 'target']));
        $this->priority($update['priority'] ?? null);
        $this->department($update['department'] ?? null);
        $this->tags($update['tags'] ?? []);
        $this->fields($update['fields'] ?? []);
        $expected = $this->due($update);
        $this->note($update['note'] ?? null);
        $this->event->log($this->ticket);
        $this->remember($expected);
        return $this->changes;
    }

    private function priority(?string $name): void
    {
        if ($name === null || $this->isPeoples('priority') || strtolower($name) === $this->before['priority']) {
            return;
        }
        $priority = \Priority::lookup(['priority' => $name]);
        if (!$priority) {
            Trouble::log(
                "priority $name",
                /* @trans */ 'There is no priority "%s" in osTicket any more, so tickets keep the one they have. Name one of the priorities so again.',
                $name
            );
            return;
        }
        $this->changed('priority', $this->form->setPriority($priority));
    }

    private function department(?string $name): void
    {
        if ($name === null || $name === $this->before['department'] || $this->isPeoples('department')) {
            return;
        }
        $id = \Dept::getIdByName($name);
        if (!$id) {
            Trouble::log(
                "department $name",
                /* @trans */ 'There is no department "%s" in osTicket, so tickets stay where they are. Correct its name in the service\'s settings.',
                $name
            );
            return;
        }
        if ($this->ticket->setDeptId($id)) {
            $this->ticket->logEvent('transferred', ['dept' => $name], Machine::NAME);
            $this->changes[] = 'department';
        }
    }

    /** @param list<string> $tags */
    private function tags(array $tags): void
    {
        if (array_diff($tags, $this->before['tags']) !== []) {
            $this->changed('tags', $this->form->addTags($tags));
        }
    }

    /** @param array<string, string> $fields */
    private function fields(array $fields): void
    {
        $has = (array) $this->before['fields'];
        foreach (array_intersect_key($fields, array_flip(Update::FIELDS)) as $name => $text) {
            $text = Database::storable($text);
            if ($text !== ($has[$name] ?? '')) {
                // What was told is for machines: no line of the thread's.
                $this->changed('fields', $this->form->setText($name, $text), tells: $name !== 'state');
            }
        }
    }

    /**
     * The plan that shows the target, and the due date.
     *
     * @param array<string, mixed> $update
     * @return ?int the instant that osTicket is to show
     */
    private function due(array $update): ?int
    {
        $state = State::of((int) $this->ticket->getId());
        $isOurs = $state?->planId === (int) $this->ticket->getSLAId();
        $kept = $isOurs ? $state?->expected : null;
        if ($this->isPeoples('due_at')) {
            return $kept;
        }
        if (!isset($update['due_at'])) {
            // Nor the plan: with it osTicket would have no due date at all.
            return $kept;
        }
        $this->plan($update);
        $expected = Instant::parse($update['due_at'])->getTimestamp();
        if ($this->before['due_at'] !== Instant::spell($expected) || !$isOurs) {
            $this->changes[] = 'due_at';
        }
        return $expected;
    }

    /** @param array<string, mixed> $update */
    private function plan(array $update): void
    {
        if (!isset($update['target']) || !in_array('plan', $this->settings->writes, true)) {
            return;
        }
        $id = Plans::id($update['target']);
        if ($id === null) {
            Trouble::log(
                "plan $update[target]",
                /* @trans */ 'The SLA plan for "%s" is not there any more; due dates are set all the same. Save the plugin\'s instance to make it again.',
                $update['target']
            );
            return;
        }
        if ($id !== (int) $this->ticket->getSLAId() && $this->ticket->setSLAId($id)) {
            $this->changes[] = 'plan';
        }
    }

    /** @param ?array{stamp: string, text: string} $note */
    private function note(?array $note): void
    {
        if ($note === null || in_array($note['stamp'], $this->before['notes'], true)) {
            return;
        }
        $body = new NoteBody(Note::plain($note['text']));
        if (!$this->ticket->logNote(Machine::NAME, $body, Machine::NAME, false)) {
            throw new \RuntimeException('osTicket did not keep the note');
        }
        $this->changes[] = 'note';
    }

    private function remember(?int $expected): void
    {
        (new State(
            ticketId: (int) $this->ticket->getId(),
            event: $this->answer->event,
            decidedAt: $this->answer->decidedAt,
            expected: $expected,
            planId: $expected === null ? null : (int) $this->ticket->getSLAId(),
        ))->save();
        DueDateKeeper::keep($this->ticket, settles: in_array('due_at', $this->changes, true));
    }

    /** @param ?array{int, array{mixed, mixed}} $change null: the form has no such field */
    private function changed(string $what, ?array $change, bool $tells = true): void
    {
        if ($change === null) {
            Trouble::log(
                "field $what",
                /* @trans */ 'A field of Support Policy is missing on Ticket Details (%s). Save the plugin\'s instance to make it again.',
                $what
            );
            return;
        }
        if (!in_array($what, $this->changes, true)) {
            $this->changes[] = $what;
        }
        if ($tells) {
            $this->event->tells($change);
        }
    }

    private function isPeoples(string $what): bool
    {
        return in_array($what, $this->before['set_by_staff'], true);
    }
}
