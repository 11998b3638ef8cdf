<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** The answers on a ticket's form that are ours to read and write. */
final class TicketForm
{
    public function __construct(private readonly \Ticket $ticket)
    {
    }

    public function text(string $variable): string
    {
        $answer = $this->ticket->getAnswer($variable);
        $value = $answer ? $answer->getValue() : null;
        return is_scalar($value) ? (string) $value : '';
    }

    /** @return array<string, string> slug → label of the tags it has */
    public function tags(): array
    {
        $answer = $this->ticket->getAnswer(Fields::variable('tags'));
        $value = $answer ? $answer->getValue() : null;
        return is_array($value) ? array_map(strval(...), $value) : [];
    }

    public function priority(): ?\Priority
    {
        $priority = $this->ticket->getPriority();
        return $priority instanceof \Priority ? $priority : null;
    }

    /** @return ?array{int, array{mixed, mixed}} the field's number and [before, after], as events tell it */
    public function setPriority(\Priority $priority): ?array
    {
        $before = $this->priority();
        $told = fn (?\Priority $one) => $one ? [$one->getDesc(), (int) $one->getId()] : null;
        $id = $this->set('priority', $priority->getDesc(), (int) $priority->getId());
        return $id === null ? null : [$id, [$told($before), $told($priority)]];
    }

    /** @return ?array{int, array{mixed, mixed}} */
    public function setText(string $name, string $text): ?array
    {
        $before = $this->text(Fields::variable($name));
        $id = $this->set(Fields::variable($name), $text);
        return $id === null ? null : [$id, [$before === '' ? null : $before, $text]];
    }

    /**
     * @param list<string> $slugs tags to be there as well
     * @return ?array{int, array{mixed, mixed}}
     */
    public function addTags(array $slugs): ?array
    {
        return $this->setTags($slugs, []);
    }

    /**
     * @param list<string> $add
     * @param list<string> $remove
     * @return ?array{int, array{mixed, mixed}}
     */
    public function setTags(array $add, array $remove): ?array
    {
        $before = $this->tags();
        $kept = array_diff_key($before, array_flip($remove));
        $after = $kept + $this->labelled(array_diff($add, array_keys($kept)));
        $id = $this->set(Fields::variable('tags'), (string) json_encode($after));
        return $id === null ? null : [$id, [$before ? json_encode($before) : null, json_encode($after)]];
    }

    /**
     * @param array<string> $slugs
     * @return array<string, string>
     */
    private function labelled(array $slugs): array
    {
        Fields::addTags(array_values($slugs));
        $configuration = json_decode((string) Fields::find('tags')?->get('configuration'), true) ?: [];
        $labels = [];
        foreach (preg_split('/\R/', (string) ($configuration['choices'] ?? '')) ?: [] as $line) {
            [$slug, $label] = explode(':', $line, 2) + [1 => ''];
            $labels[trim($slug)] = trim($label) ?: trim($slug);
        }
        $found = [];
        foreach ($slugs as $slug) {
            $found[$slug] = $labels[$slug] ?? $slug;
        }
        return $found;
    }

    /** @return ?int the field's number; null when the ticket's form has no such field */
    private function set(string $variable, string $value, int|false $id = false): ?int
    {
        $answer = $this->ticket->getAnswer($variable) ?: $this->added($variable);
        if (!$answer) {
            return null;
        }
        $answer->setValue($value, $id);
        if (!$answer->save()) {
            throw new \RuntimeException("osTicket did not save $variable");
        }
        return (int) $answer->field_id;
    }

    /** A ticket from before the field has no answer to it yet. */
    private function added(string $variable): ?\DynamicFormEntryAnswer
    {
        foreach (\DynamicFormEntry::forTicket($this->ticket->getId(), true) as $entry) {
            if ($entry->getDynamicForm()?->type === 'T') {
                $entry->addMissingFields();
            }
        }
        $this->ticket->loadDynamicData(true);
        return $this->ticket->getAnswer($variable) ?: null;
    }
}
