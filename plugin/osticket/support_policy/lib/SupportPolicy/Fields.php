<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** The plugin's internal fields on Ticket Details. */
final class Fields
{
    public const NAMES = ['class', 'expected_at', 'reason', 'state', 'tags', ...Ask::FIELDS];

    private const LABELS = [
        'class' => /* @trans */ 'Policy class',
        'expected_at' => /* @trans */ 'Policy expected time',
        'reason' => /* @trans */ 'Policy reason',
        'state' => /* @trans */ 'Policy state',
        'tags' => /* @trans */ 'Policy tags',
        'paid_reason' => /* @trans */ 'Paid help: reason',
        'paid_work' => /* @trans */ 'Paid help: what would be done',
        'paid_blocks' => /* @trans */ 'Paid help: blocks',
        'paid_permitter' => /* @trans */ 'Paid help: who may permit',
        'paid_asked' => /* @trans */ 'Paid help: asked by',
    ];

    /**
     * For agents' eyes only, and in the form's page neither public, nor required, nor renamed.
     *
     * Agents may change them, because osTicket tells of a field that they may not as emptied, at each
     * edit of the ticket.
     */
    private const FLAGS = \DynamicFormField::FLAG_ENABLED
        | \DynamicFormField::FLAG_AGENT_VIEW
        | \DynamicFormField::FLAG_AGENT_EDIT
        | \DynamicFormField::FLAG_MASK_CHANGE
        | \DynamicFormField::FLAG_MASK_NAME
        | \DynamicFormField::FLAG_MASK_VIEW
        | \DynamicFormField::FLAG_MASK_REQUIRE;

    // A tag is a key in osTicket's "key:label" lines, and part of a comma-separated list in its
    // data view: what would end it there is no tag.
    public const TAG = '/^[A-Za-z0-9_.-]{1,60}$/D';

    public static function variable(string $name): string
    {
        return "policy_$name";
    }

    /** By its variable name, which the form's page does not let admins change; its label they may. */
    public static function find(string $name): ?\DynamicFormField
    {
        return \DynamicFormField::objects()
            ->filter(['form__type' => 'T', 'name' => self::variable($name)])
            ->first() ?: null;
    }

    /** @return array<string, bool> whether queues and searches see each field */
    public static function columns(): array
    {
        $present = [];
        $rows = db_query('SHOW COLUMNS FROM `' . TABLE_PREFIX . 'ticket__cdata`', false);
        while ($rows && ($row = db_fetch_array($rows))) {
            $present[] = $row['Field'];
        }
        $columns = [];
        foreach (self::NAMES as $name) {
            $columns[$name] = in_array(self::variable($name), $present, true);
        }
        return $columns;
    }

    /**
     * Takes our fields out of what a ticket is to be made from: osTicket accepts internal fields from
     * anybody who sends them by name or by number. An agent's form sends neither.
     *
     * @param array<array-key, mixed> $vars
     */
    public static function withhold(array &$vars): void
    {
        $names = array_map(self::variable(...), self::NAMES);
        $ids = \DynamicFormField::objects()->filter(['form__type' => 'T', 'name__in' => $names])->values_flat('id');
        foreach ($names as $name) {
            unset($vars[$name]);
        }
        foreach ($ids as [$id]) {
            unset($vars[$id]);
        }
    }

    /** @param list<string> $tags those that agents can choose from the start */
    public static function install(string $language, array $tags): void
    {
        $form = \TicketForm::objects()->first();
        foreach (self::NAMES as $place => $name) {
            if (!self::find($name) && !self::restore($form, $name)) {
                self::create($form, $name, $language, $place);
            }
        }
        self::addTags($tags);
        if (in_array(false, self::columns(), true)) {
            self::rebuildViews();
        }
    }

    public static function uninstall(): void
    {
        foreach (self::NAMES as $name) {
            // With its values: osTicket would keep the field for their sake, out of sight but in the way
            // of one made later under the same name.
            if ($field = self::find($name)) {
                \DynamicFormEntryAnswer::objects()->filter(['field_id' => $field->get('id')])->delete();
                $field->delete();
            }
        }
        self::rebuildViews();
    }

    /** @param list<string> $slugs tags that may be unknown until now */
    public static function addTags(array $slugs): void
    {
        $field = self::find('tags');
        if (!$field) {
            return;
        }
        $configuration = json_decode((string) $field->get('configuration'), true) ?: [];
        $longer = self::withTags((string) ($configuration['choices'] ?? ''), $slugs);
        if ($longer !== ($configuration['choices'] ?? '')) {
            $field->set('configuration', json_encode(['choices' => $longer] + $configuration));
            $field->save();
        }
    }

    /**
     * The choices of a field with more tags, those there untouched: an admin may have labelled them.
     *
     * @param list<string> $slugs
     */
    public static function withTags(string $choices, array $slugs): string
    {
        $lines = preg_split('/\R/', $choices, -1, PREG_SPLIT_NO_EMPTY) ?: [];
        $known = array_map(static fn (string $line) => trim(explode(':', $line, 2)[0]), $lines);
        foreach (array_diff(array_unique(preg_grep(self::TAG, $slugs) ?: []), $known) as $slug) {
            $lines[] = "$slug:$slug";
        }
        return implode("\n", $lines);
    }

    /** One that was taken off the form still has its values, which a second one would hide. */
    private static function restore(\DynamicForm $form, string $name): bool
    {
        $removed = \DynamicFormField::objects()
            ->filter(['form_id' => 0, 'name' => self::variable($name)])
            ->first();
        $removed?->set('form_id', $form->get('id'));
        return (bool) $removed?->save();
    }

    private static function create(\DynamicForm $form, string $name, string $language, int $place): void
    {
        [$type, $configuration] = match ($name) {
            'tags' => ['choices', ['choices' => '', 'multiselect' => true, 'prompt' => '', 'default' => '']],
            'reason' => ['memo', ['html' => false, 'rows' => 4, 'cols' => 60, 'length' => 0]],
            default => ['text', ['size' => 30, 'length' => 1000, 'validator' => '']],
        };
        \DynamicFormField::create([
            'form_id' => $form->get('id'),
            'name' => self::variable($name),
            'label' => Text::in($language, self::LABELS[$name]),
            'type' => $type,
            'flags' => self::FLAGS,
            'sort' => 900 + $place,
            'configuration' => $configuration,
        ])->save();
    }

    /** osTicket keeps the list of fields from before the first new one, and builds its views from that. */
    private static function rebuildViews(): void
    {
        \TicketForm::$instance = null;
        \DynamicForm::rebuildDynamicDataViews();
    }
}
